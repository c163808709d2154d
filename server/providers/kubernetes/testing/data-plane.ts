import http from 'node:http';
import type { KubernetesObject, V1EndpointSlice, V1Pod } from '@kubernetes/client-node';
import type { HTTPRoute } from '@/server/providers/kubernetes/client/objects';
import type { Follower, Rest } from '@/server/providers/kubernetes/testing/rest';
import { Routing } from '@/server/providers/kubernetes/testing/routing';
import { LABELS } from '@/server/providers/kubernetes/words/labels';

/**
 * Pods that answer and a proxy that finds them, in one namespace: each pod is an HTTP server of this process
 * for as long as the pod is there, and the proxy knows of it only what EndpointSlices and HTTPRoutes say.
 * Nothing is tried again, so that every request that the control side lost is a failed one.
 */
export interface DataPlane {
  /** Address of the proxy; which load balancer is asked stands in the Host header. */
  readonly address: string;
  /** One request to a load balancer's address. `servedBy` is the server group. */
  request(url: string): Promise<{ ok: boolean; servedBy: string | null }>;
  stop(): Promise<void>;
}

/** How long an instance works on a request, in ms: enough for some to be under way whenever a pod ends. */
const WORK_MS = 5;

export async function startDataPlane(
  rest: Rest,
  namespace: string,
  { routes = true }: { readonly routes?: boolean } = {},
): Promise<DataPlane> {
  const over = new AbortController();
  const routing = new Routing();
  const instances: Instances = new Map();
  const proxy = http.createServer((request, response) => void forward(routing, instances, request, response));
  await listen(proxy);
  const collection = (group: string, plural: string) => `${group}/namespaces/${namespace}/${plural}`;
  const follow = <T extends KubernetesObject>(
    path: string,
    on: Omit<Follower<T>, 'all'>,
    keys: () => string[],
  ) => firstAll<T>(rest, path, on, keys, over.signal);
  await Promise.all([
    follow<V1Pod>(
      collection('/api/v1', 'pods'),
      { put: (pod) => keepInstance(instances, pod), gone: (pod) => endInstance(instances, keyOf(pod)) },
      () => [...instances.keys()],
    ),
    follow<V1EndpointSlice>(
      collection('/apis/discovery.k8s.io/v1', 'endpointslices'),
      stored(routing.slices),
      () => [...routing.slices.keys()],
    ),
    // A kind that the cluster does not have is never listed.
    routes &&
      follow<HTTPRoute>(
        collection('/apis/gateway.networking.k8s.io/v1', 'httproutes'),
        stored(routing.routes),
        () => [...routing.routes.keys()],
      ),
  ]);
  const agent = new http.Agent({ keepAlive: true });
  return {
    address: `http://127.0.0.1:${portOf(proxy)}`,
    request: (url) => ask(agent, portOf(proxy), url),
    stop: async () => {
      over.abort();
      agent.destroy();
      for (const uid of instances.keys()) endInstance(instances, uid);
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

interface Instance {
  readonly server: http.Server;
  readonly listening: Promise<void>;
}

/** By uid of the pod; null for one that has ended. */
type Instances = Map<string, Instance | null>;
/** More than one watch is behind another. In ms. */
const HEARD_WITHIN_MS = 1_000;

function keyOf(object: KubernetesObject): string {
  return object.metadata?.uid ?? '';
}

function stored<T extends KubernetesObject>(map: Map<string, T>) {
  return {
    put: (object: T) => void map.set(keyOf(object), object),
    gone: (object: T) => void map.delete(keyOf(object)),
  };
}

/** Returns when everything that is there has been seen once. */
function firstAll<T extends KubernetesObject>(
  rest: Rest,
  path: string,
  on: Omit<Follower<T>, 'all'>,
  keys: () => string[],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const all = (objects: T[]) => {
      const there = new Set(objects.map(keyOf));
      // What went while nobody looked is told only by its absence.
      for (const uid of keys()) if (!there.has(uid)) on.gone({ metadata: { uid } } as T);
      objects.forEach(on.put);
      resolve();
    };
    rest.follow<T>(path, { ...on, all }, signal);
  });
}

/** The program of a pod listens from when the pod runs, ready or not. */
function keepInstance(instances: Instances, pod: V1Pod): void {
  if (!pod.status?.podIP || instances.has(keyOf(pod))) return;
  const name = pod.metadata?.labels?.[LABELS.serverGroup] ?? pod.metadata?.name ?? '';
  const server = http.createServer((_request, response) => {
    setTimeout(() => response.end(JSON.stringify({ servedBy: name })), WORK_MS);
  });
  instances.set(keyOf(pod), { server, listening: listen(server) });
}

/** Takes no more connections and finishes what it has begun, as a well-behaved program does. */
function endInstance(instances: Instances, uid: string): void {
  instances.get(uid)?.server.close();
  instances.set(uid, null);
}

/** An endpoint may be heard of before its pod, which listens for long; one that has ended is gone at once. */
async function instanceOf(instances: Instances, uid: string): Promise<Instance | null> {
  const until = performance.now() + HEARD_WITHIN_MS;
  while (instances.get(uid) === undefined && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return instances.get(uid) ?? null;
}

async function forward(
  routing: Routing,
  instances: Instances,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const choice = routing.choose((request.headers.host ?? '').replace(/:\d+$/, ''));
  const fail = (status: number, why: string) =>
    response.writeHead(status).end(JSON.stringify({ error: why }));
  if ('refused' in choice) {
    fail(503, choice.refused);
    return;
  }
  const instance = await instanceOf(instances, choice.pod);
  if (!instance) {
    fail(502, `nothing listens at the endpoint of pod ${choice.pod}`);
    return;
  }
  await instance.listening;
  const port = portOf(instance.server);
  http
    // A connection of its own: one that is kept may be closed by the instance just as it is used.
    .request({ host: '127.0.0.1', port, path: request.url, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    })
    .on('error', (error) => fail(502, error.message))
    .end();
}

function ask(
  agent: http.Agent,
  port: number,
  url: string,
): Promise<{ ok: boolean; servedBy: string | null }> {
  const { host, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path: pathname, agent, headers: { host } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('error', reject);
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const body = JSON.parse(text) as { servedBy?: string; error?: string };
          resolve({ ok: response.statusCode === 200, servedBy: body.servedBy ?? body.error ?? null });
        });
      })
      .on('error', reject);
  });
}

function listen(server: http.Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** 0 when it has stopped, which refuses the connection. */
function portOf(server: http.Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
