import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { grant } from '@/server/providers/kubernetes/testing/shipped-access';

/** A door before an API server that remembers what was asked of it. */
export interface Recorder {
  /** The same account as before, by this door. */
  readonly kubeconfig: string;
  /** What the requests needed, in the words of `grantsOf`. */
  readonly used: ReadonlySet<string>;
  /** What the API server refused, with its words. */
  readonly refused: readonly string[];
  /** Every answer in the order in which it began. */
  readonly answers: readonly Answered[];
  /** Every connection breaks; what is asked afterwards is answered again. */
  breakConnections(): void;
  stop(): Promise<void>;
}

export interface Answered {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** In s, where the answer says how long to stay away. */
  readonly retryAfter: number | null;
  /** By this process's clock, in ms. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

export interface RecorderOptions {
  /** What is asked of the API server instead. */
  readonly rewrite?: (url: string) => string;
}

/** @param kubeconfig of an account with a token; what is asked without going through here is not seen. */
export async function startRecorder(
  kubeconfig: string,
  { rewrite = (url) => url }: RecorderOptions = {},
): Promise<Recorder> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${kubeconfig} has no current context`);
  const agent = new https.Agent({ keepAlive: true, ca: Buffer.from(cluster.caData ?? '', 'base64') });
  const used = new Set<string>();
  const refused: string[] = [];
  const answers: Answered[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', headers } = request;
    const url = rewrite(request.url ?? '/');
    const askedAt = performance.now();
    const onward = https.request(`${cluster.server}${url}`, { agent, method, headers });
    onward.on('error', () => response.destroy());
    onward.on('response', (answer: IncomingMessage) => {
      const status = answer.statusCode ?? 0;
      const after = answer.headers['retry-after'];
      const retryAfter = after === undefined ? null : Number(after);
      answers.push({ method, url, status, retryAfter, askedAt, answeredAt: performance.now() });
      for (const need of needsOf(method, url, status)) {
        used.add(need);
        if (status === 403) refused.push(`${need} at ${url}`);
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    // A watch that its reader leaves ends upstream, too.
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const file = `${kubeconfig}.recorded`;
  writeFileSync(file, throughHere(readFileSync(kubeconfig, 'utf8'), address.port), { mode: 0o600 });
  return {
    kubeconfig: file,
    used,
    refused,
    answers,
    breakConnections: () => server.closeAllConnections(),
    stop: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function throughHere(kubeconfig: string, port: number): string {
  // As `makeAccount` writes it: JSON, with one cluster.
  const config = JSON.parse(kubeconfig) as { clusters: { cluster: object }[] };
  // A token by plain HTTP is refused by the client unless it is told that there is no TLS to verify.
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  for (const one of config.clusters) one.cluster = cluster;
  return JSON.stringify(config);
}

/** Discovery and questions about one's own rights are everybody's, and need nothing. */
function needsOf(method: string, url: string, status: number): string[] {
  const { pathname, searchParams } = new URL(url, 'http://here');
  const [, root, ...rest] = pathname.split('/');
  const [group = '', , ...below] = root === 'apis' ? rest : ['', ...rest];
  const [plural, name, subresource] = below[0] === 'namespaces' && below.length > 2 ? below.slice(2) : below;
  if (plural === undefined || plural.startsWith('selfsubject')) return [];
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  return verbsOf(method, name !== undefined, searchParams.has('watch'), status).map((verb) =>
    grant(verb, group, resource),
  );
}

function verbsOf(method: string, named: boolean, watches: boolean, status: number): string[] {
  switch (method) {
    case 'GET':
      return [named ? 'get' : watches ? 'watch' : 'list'];
    case 'POST':
      return ['create'];
    case 'PATCH':
      // What is applied and was not there is created, which is a right of its own.
      return status === 201 ? ['patch', 'create'] : ['patch'];
    case 'DELETE':
      return [named ? 'delete' : 'deletecollection'];
    default:
      return [method.toLowerCase()];
  }
}
