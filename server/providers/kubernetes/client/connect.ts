import type {
  Draft,
  KindName,
  KubernetesApi,
  Listed,
  ObjectRef,
  RemoveOptions,
  Where,
  WriteOptions,
} from '@/server/providers/kubernetes/client/api';
import { WatchExpired } from '@/server/providers/kubernetes/client/api';
import { Budget } from '@/server/providers/kubernetes/client/budget';
import { type Access, Credentials } from '@/server/providers/kubernetes/client/credentials';
import { Discovery } from '@/server/providers/kubernetes/client/discovery';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import {
  collectionPath,
  objectPath,
  query,
  selection,
  typeOf,
} from '@/server/providers/kubernetes/client/paths';
import { evict, readLog } from '@/server/providers/kubernetes/client/pods';
import { type Call, Requests, refused } from '@/server/providers/kubernetes/client/requests';
import { trimmed } from '@/server/providers/kubernetes/client/trimmed';
import { eventsOf } from '@/server/providers/kubernetes/client/watch-stream';

const PAGE = 500;
/** A list whose snapshot was gone before its end starts again so often. */
const LIST_TRIES = 3;
/** The API server sends a bookmark about every minute: a watch that is silent for longer is dead. In ms. */
const SILENCE_MS = 100_000;
/** How long one watch may last, in s; spread, so that not all of them end at once. */
const WATCH_SECONDS = 1_800;
const PING_MS = 5_000;

export interface ConnectOptions {
  readonly budget?: Budget;
  readonly silenceMs?: number;
  /** Kinds that the account's configuration says are there. */
  readonly expected?: readonly KindName[];
}

/** The API of the cluster that the account's configuration leads to. Nothing is sent until it is used. */
export function connect(access: Access, options: ConnectOptions = {}): KubernetesApi {
  const requests = new Requests(new Credentials(access), options.budget ?? new Budget());
  const discovery = new Discovery(requests, options.expected ? { expected: options.expected } : {});
  return {
    list: (kind, where, signal) => list(requests, kind, where, signal),
    pages: (kind, where, signal) => pages(requests, kind, where, signal),
    get: (kind, ref, signal) => get(requests, kind, ref, signal),
    create: (kind, body, write) => create(requests, kind, body, write),
    apply: (kind, body, write) => apply(requests, kind, body, write),
    merge: (kind, ref, patch, write) => merge(requests, kind, ref, patch, write),
    remove: (kind, ref, how) => remove(requests, kind, ref, how),
    evict: (ref) => evict(requests, ref),
    log: (ref, what, signal) => readLog(requests, ref, what, signal),
    watch: (kind, where, signal) => watch(requests, kind, where, signal, options.silenceMs ?? SILENCE_MS),
    serves: (kind, signal) => discovery.serves(kind, signal),
    mayI: (verb, kind, namespace, subresource) => discovery.mayI(verb, kind, namespace, subresource),
    ping: (signal) => ping(requests, signal),
    version: (signal) => version(requests, signal),
    clusterId: (signal) => clusterId(requests, signal),
  };
}

async function list<K extends KindName>(
  requests: Requests,
  kind: K,
  where?: Where,
  signal?: AbortSignal,
): Promise<Listed<K>> {
  for (let tries = 1; ; tries++) {
    try {
      const items: ObjectOf<K>[] = [];
      let resourceVersion = '';
      for await (const page of pages(requests, kind, where, signal)) {
        for (const item of page.items) items.push(item);
        resourceVersion = page.resourceVersion;
      }
      return { items, resourceVersion };
    } catch (error) {
      if (!(error instanceof WatchExpired) || tries >= LIST_TRIES) throw error;
    }
  }
}

interface Page<K extends KindName> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: ObjectOf<K>[];
}

async function* pages<K extends KindName>(
  requests: Requests,
  kind: K,
  where: Where = {},
  signal?: AbortSignal,
): AsyncGenerator<Listed<K>> {
  const { namespace } = where;
  const subject = { verb: 'list', kind, namespace };
  for (let next: string | undefined; ; ) {
    const asked = query({ ...selection(where), limit: PAGE, continue: next });
    const call: Call = { method: 'GET', path: collectionPath(kind, namespace) + asked, subject, signal };
    const answer = await requests.answer(call);
    if (answer.code === 410) throw new WatchExpired();
    if (answer.code >= 300) throw refused(call, answer);
    // The API answers with what was asked for.
    const page = JSON.parse(answer.text) as Page<K>;
    yield {
      items: (page.items ?? []).map(trimmed),
      resourceVersion: page.metadata.resourceVersion ?? '',
    };
    next = page.metadata.continue;
    if (!next) return;
  }
}

async function get<K extends KindName>(requests: Requests, kind: K, ref: ObjectRef, signal?: AbortSignal) {
  const answer = await missingIsNull<ObjectOf<K>>(requests, {
    method: 'GET',
    path: objectPath(kind, ref),
    subject: { verb: 'get', kind, ...ref },
    signal,
  });
  return answer && trimmed(answer);
}

async function create<K extends KindName>(
  requests: Requests,
  kind: K,
  body: Draft<K>,
  { fieldManager, dryRun }: WriteOptions = {},
): Promise<ObjectOf<K>> {
  const { namespace, name } = body.metadata;
  const made = await requests.json<ObjectOf<K>>({
    method: 'POST',
    path: collectionPath(kind, namespace) + query({ fieldManager, dryRun: dryRun ? 'All' : undefined }),
    subject: { verb: 'create', kind, namespace, name },
    body: { ...typeOf(kind), ...body },
  });
  return trimmed(made);
}

async function apply<K extends KindName>(
  requests: Requests,
  kind: K,
  body: Draft<K>,
  { fieldManager, dryRun, force }: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
): Promise<ObjectOf<K>> {
  const { namespace = '', name = '' } = body.metadata;
  const asked = query({ fieldManager, force, dryRun: dryRun ? 'All' : undefined });
  const made = await requests.json<ObjectOf<K>>({
    method: 'PATCH',
    path: objectPath(kind, { namespace, name }) + asked,
    subject: { verb: 'patch', kind, namespace, name },
    // JSON is YAML.
    contentType: 'application/apply-patch+yaml',
    body: { ...typeOf(kind), ...body },
  });
  return trimmed(made);
}

async function merge<K extends KindName>(
  requests: Requests,
  kind: K,
  ref: ObjectRef,
  patch: object,
  { fieldManager, dryRun, subresource }: WriteOptions & { readonly subresource?: 'scale' | 'status' } = {},
): Promise<ObjectOf<K> | null> {
  const made = await missingIsNull<ObjectOf<K>>(requests, {
    method: 'PATCH',
    path: objectPath(kind, ref, subresource) + query({ fieldManager, dryRun: dryRun ? 'All' : undefined }),
    subject: { verb: 'patch', kind, ...ref },
    contentType: 'application/merge-patch+json',
    body: patch,
  });
  return made && trimmed(made);
}

async function remove(
  requests: Requests,
  kind: KindName,
  ref: ObjectRef,
  { propagation = 'Background', uid, graceSeconds }: RemoveOptions = {},
): Promise<boolean> {
  const call: Call = {
    method: 'DELETE',
    path: objectPath(kind, ref),
    subject: { verb: 'delete', kind, ...ref },
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: propagation,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    },
  };
  const answer = await requests.answer(call);
  // With a uid, a conflict says that another object has the name now.
  if (answer.code === 404 || (answer.code === 409 && uid !== undefined)) return false;
  if (answer.code >= 300) throw refused(call, answer);
  return true;
}

async function* watch<K extends KindName>(
  requests: Requests,
  kind: K,
  where: Where & { readonly resourceVersion: string },
  signal: AbortSignal,
  silenceMs: number,
) {
  const subject = { verb: 'watch', kind, namespace: where.namespace };
  const asked = query({
    ...selection(where),
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: where.resourceVersion,
    timeoutSeconds: Math.round(WATCH_SECONDS * (1 + Math.random())),
  });
  const path = collectionPath(kind, where.namespace) + asked;
  const response = await requests.stream({ method: 'GET', path, subject, signal }, silenceMs);
  yield* eventsOf<K>(response, subject);
}

/** Any answer will do: even a refusal is a sign of life. */
async function ping(requests: Requests, signal?: AbortSignal): Promise<void> {
  await requests.answer({
    method: 'GET',
    path: '/version',
    subject: { verb: 'get', kind: 'APIs' },
    signal,
    onceWithinMs: PING_MS,
  });
}

async function version(requests: Requests, signal?: AbortSignal): Promise<string> {
  const subject = { verb: 'get', kind: 'APIs' } as const;
  const found = await requests.json<{ gitVersion?: string }>({
    method: 'GET',
    path: '/version',
    subject,
    signal,
  });
  return found.gitVersion ?? 'of no known version';
}

async function clusterId(requests: Requests, signal?: AbortSignal): Promise<string> {
  // The one namespace that every cluster has and nobody makes anew.
  const ref = { namespace: '', name: 'kube-system' };
  const found = await requests.json<ObjectOf<'Namespace'>>({
    method: 'GET',
    path: objectPath('Namespace', ref),
    subject: { verb: 'get', kind: 'Namespace', name: ref.name },
    signal,
  });
  return found.metadata?.uid ?? '';
}

async function missingIsNull<T>(requests: Requests, call: Call): Promise<T | null> {
  const answer = await requests.answer(call);
  if (answer.code === 404) return null;
  if (answer.code >= 300) throw refused(call, answer);
  // The API answers with what was asked for.
  return JSON.parse(answer.text) as T;
}
