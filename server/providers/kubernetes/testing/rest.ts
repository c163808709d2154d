import type { ClientRequest } from 'node:http';
import https from 'node:https';
import { KubeConfig, type KubernetesObject } from '@kubernetes/client-node';

/**
 * The API as the harness asks it: independent of the client under test, so that a fault there cannot hide
 * behind the same fault here.
 */
export interface Rest {
  request<T = KubernetesObject>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** What it answers with success. @throws Error with the API's words. */
  must<T = KubernetesObject>(method: string, path: string, body?: unknown): Promise<T>;
  /** Lists and then follows a collection, over lost connections and restarts, until the signal aborts. */
  follow<T extends KubernetesObject>(path: string, on: Follower<T>, signal: AbortSignal): void;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface Follower<T> {
  /** Everything that is there; after a gap again. */
  all(objects: T[]): void;
  put(object: T): void;
  gone(object: T): void;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  PATCH: 'application/merge-patch+json',
  APPLY: 'application/apply-patch+yaml',
};
/** Until a lost watch is tried again, in ms. */
const AGAIN_MS = 100;

/** Asks the cluster of a kubeconfig's current context, with its credentials. */
export function restOf(kubeconfig: string): Rest {
  const open = opener(kubeconfig);
  const request = async <T>(method: string, path: string, body?: unknown) => {
    const sending = await open(method, path);
    return new Promise<Answer<T>>((resolve, reject) => {
      sending.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = response.headers['content-type']?.startsWith('application/json');
          // What the API answers is what was asked for, or a Status that `must` reads.
          resolve({ status: response.statusCode ?? 0, body: (json ? JSON.parse(text) : text) as T });
        });
      });
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      // Node writes no length for a DELETE by itself, and its body would be taken for the next request.
      if (text !== undefined) sending.setHeader('content-length', Buffer.byteLength(text));
      sending.end(text);
    });
  };
  const must = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await request<T>(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const follow = <T extends KubernetesObject>(path: string, on: Follower<T>, signal: AbortSignal) => {
    void (async () => {
      while (!signal.aborted) {
        await followOnce<T>({ open, must }, path, on, signal).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    })();
  };
  return { request, must, follow };
}

type Open = (method: string, path: string, signal?: AbortSignal) => Promise<ClientRequest>;

function opener(kubeconfig: string): Open {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  let agent: https.Agent | null = null;
  return async (method, path, signal) => {
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, rejectUnauthorized } = options;
    agent ??= new https.Agent({ keepAlive: true, ca, cert, key, rejectUnauthorized });
    const sending = https.request(`${server}${path}`, {
      agent,
      signal,
      method: method === 'APPLY' ? 'PATCH' : method,
      headers: options.headers,
    });
    sending.setHeader('accept', 'application/json');
    sending.setHeader('content-type', CONTENT_TYPES[method] ?? 'application/json');
    return sending;
  };
}

interface Doors {
  readonly open: Open;
  must<T>(method: string, path: string): Promise<T>;
}

/** Ends, or throws, when the watch ends: then everything is listed again. */
async function followOnce<T>(doors: Doors, path: string, on: Follower<T>, signal: AbortSignal) {
  const join = path.includes('?') ? '&' : '?';
  const list = await doors.must<{ items: T[]; metadata: { resourceVersion: string } }>('GET', path);
  on.all(list.items);
  const watch = `${path}${join}watch=1&resourceVersion=${list.metadata.resourceVersion}`;
  const sending = await doors.open('GET', watch, signal);
  await new Promise<void>((resolve, reject) => {
    sending.on('error', reject).on('response', (response) => {
      let rest = '';
      response.setEncoding('utf8').on('error', reject).on('end', resolve);
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) tell(line, on);
      });
    });
    sending.end();
  });
}

function tell<T>(line: string, on: Follower<T>): void {
  // One event per line, as the API promises.
  const event = JSON.parse(line) as { type: string; object: T };
  if (event.type === 'ADDED' || event.type === 'MODIFIED') on.put(event.object);
  else if (event.type === 'DELETED') on.gone(event.object);
  else throw new Error(`the watch says ${line}`);
}
