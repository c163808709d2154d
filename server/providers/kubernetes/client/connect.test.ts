import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WatchExpired } from '@/server/providers/kubernetes/client/api';
import { connect } from '@/server/providers/kubernetes/client/connect';

/** What a real control plane cannot be made to do: an HTTP server that answers as it is told, one after the other. */
type Reply = (response: http.ServerResponse, request: http.IncomingMessage) => void;

let folder: string;
let server: http.Server;
let replies: Reply[];
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'signalbox-client-'));
  replies = [];
  asked = [];
  server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const reply = replies.shift() ?? json(500, { message: 'nobody said what to answer' });
    reply(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const json =
  (code: number, body: object, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) =>
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const broken: Reply = (_, request) => request.socket.destroy();

function kubeconfig(user: object, { port } = server.address() as AddressInfo): string {
  const file = path.join(folder, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'a',
      clusters: [{ name: 'a', cluster }],
      users: [{ name: 'a', user }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    }),
  );
  return file;
}

const api = (user: object = { token: 't' }, silenceMs?: number) =>
  connect({ kubeconfig: kubeconfig(user) }, silenceMs === undefined ? {} : { silenceMs });
const shop = { namespace: 'shop', name: 'web' };

it('tries again what the server was too busy for, reads and writes alike', async () => {
  replies = [
    json(429, { message: 'busy' }, { 'retry-after': '0' }),
    json(201, { metadata: { name: 'web' } }),
  ];
  const made = await api().create('ConfigMap', { metadata: shop });
  expect(made.metadata?.name).toBe('web');
  expect(asked).toHaveLength(2);
});

it('leaves a long wait to the caller', async () => {
  replies = [json(429, { message: 'busy' }, { 'retry-after': '120' })];
  await expect(api().get('Pod', shop)).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: 120,
  });
});

it('does not take a disruption budget for a busy server', async () => {
  const details = { causes: [{ reason: 'DisruptionBudget', message: 'needs 2' }] };
  replies = [json(429, { details }, { 'retry-after': '0' })];
  expect(await api().evict(shop)).toBe('refused');
  expect(asked).toHaveLength(1);
});

it('reads again when the connection breaks, and does not write again', async () => {
  replies = [broken, json(200, { metadata: { name: 'web' } })];
  expect((await api().get('Pod', shop))?.metadata?.name).toBe('web');
  replies = [broken];
  await expect(api().create('ConfigMap', { metadata: shop })).rejects.toMatchObject({ code: 'unavailable' });
  expect(asked.filter((one) => one.startsWith('POST'))).toHaveLength(1);
});

it('reads the credentials again when they are refused', async () => {
  const seen: (string | undefined)[] = [];
  const file = kubeconfig({ token: 'old' });
  replies = [
    (response, request) => {
      seen.push(request.headers.authorization);
      kubeconfig({ token: 'new' });
      json(401, { message: 'Unauthorized' })(response, request);
    },
    (response, request) => {
      seen.push(request.headers.authorization);
      json(200, {})(response, request);
    },
  ];
  await connect({ kubeconfig: file }).get('Pod', shop);
  expect(seen).toEqual(['Bearer old', 'Bearer new']);
});

it('believes that a right is missing when a server that is ready says so twice', async () => {
  const forbidden = json(403, { message: 'User "a" cannot get resource "pods"' });
  replies = [forbidden, json(200, {}), forbidden];
  await expect(api().get('Pod', shop)).rejects.toMatchObject({ code: 'unauthorized' });
  replies = [forbidden, json(200, {}), json(200, { metadata: { name: 'web' } })];
  expect((await api().get('Pod', shop))?.metadata?.name).toBe('web');
  // Where it tells nobody whether it is ready, it is asked about rights.
  replies = [forbidden, forbidden, json(201, { status: { allowed: false } }), forbidden];
  await expect(api().get('Pod', shop)).rejects.toMatchObject({ code: 'unauthorized' });
});

it('takes the refusal of a server that has just started for none', async () => {
  const forbidden = json(403, { message: 'User "a" cannot patch resource "pods"' });
  // The last one knows some of its roles by now, and perhaps not yet the one that was asked for.
  const mayByNow = json(201, { status: { allowed: true } });
  for (const notReady of [[json(500, {})], [forbidden, forbidden], [broken], [forbidden, mayByNow]]) {
    replies = [forbidden, ...notReady];
    const patched = api().merge('Pod', shop, {});
    await expect(patched).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  }
});

it('runs no program of a kubeconfig unless it was told to', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'false' };
  await expect(api({ exec }).get('Pod', shop)).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('SIGNALBOX_KUBERNETES_EXEC=1'),
  });
  vi.stubEnv('SIGNALBOX_KUBERNETES_EXEC', '1');
  // Now it runs, and gives no credentials.
  await expect(api({ exec }).get('Pod', shop)).rejects.toMatchObject({
    message: expect.stringContaining('cannot be read'),
  });
  expect(asked).toEqual([]);
});

it('names the contexts there are when the wanted one is missing', async () => {
  const file = kubeconfig({ token: 't' });
  await expect(connect({ kubeconfig: file, context: 'b' }).get('Pod', shop)).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('no context "b"; it has "a"'),
  });
});

it('reads all pages of a list, and begins again when the snapshot is gone in between', async () => {
  const page = (name: string, next?: string) =>
    json(200, { metadata: { resourceVersion: '5', continue: next }, items: [{ metadata: { name } }] });
  replies = [page('a', 'more'), json(410, { code: 410 }), page('a', 'more'), page('b')];
  const { items, resourceVersion } = await api().list('Pod', { namespace: 'shop' });
  expect(items.map((item) => item.metadata?.name)).toEqual(['a', 'b']);
  expect(resourceVersion).toBe('5');
  expect(asked[1]).toContain('continue=more');
});

it('tells within the stream that the version is too old, and gives no event that was cut off', async () => {
  const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
  const events = line('ADDED', { metadata: { name: 'a', managedFields: [{}] } });
  const follow = async () => {
    const names: unknown[] = [];
    try {
      for await (const event of api().watch('Pod', { resourceVersion: '1' }, AbortSignal.timeout(5_000)))
        names.push(event.type === 'BOOKMARK' ? null : event.object.metadata);
      return { names, error: null };
    } catch (error) {
      return { names, error };
    }
  };
  replies = [(response) => response.end(events + line('ERROR', { kind: 'Status', code: 410 }))];
  expect(await follow()).toEqual({ names: [{ name: 'a' }], error: expect.any(WatchExpired) });

  replies = [(response) => response.end(`${events}{"type":"ADDED","obj`)];
  expect(await follow()).toMatchObject({ names: [{ name: 'a' }], error: { code: 'unavailable' } });

  replies = [
    (response) => {
      response.write(events, () => response.destroy());
    },
  ];
  expect(await follow()).toMatchObject({ names: [{ name: 'a' }], error: { code: 'unavailable' } });
});

it('gives up a watch that has been silent for longer than bookmarks take', async () => {
  replies = [(response) => response.writeHead(200).flushHeaders()];
  const silent = api({ token: 't' }, 50).watch('Pod', { resourceVersion: '1' }, AbortSignal.timeout(5_000));
  await expect(silent[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'unavailable' });
});

it('finds a cluster whose kubeconfig is corrected in place', async () => {
  const gone = http.createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const old = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const moved = connect({ kubeconfig: kubeconfig({ token: 't' }, old) });
  const nowhere = { code: 'unavailable', message: expect.stringContaining(`127.0.0.1:${old.port}`) };
  await expect(moved.ping()).rejects.toMatchObject(nowhere);
  const list = async () => {
    for await (const event of moved.watch('Pod', { resourceVersion: '1' }, new AbortController().signal))
      return event;
    return null;
  };
  await expect(list()).rejects.toMatchObject(nowhere);
  writeFileSync(path.join(folder, 'kubeconfig'), 'clusters: [');
  await expect(moved.ping()).rejects.toMatchObject(nowhere);
  kubeconfig({ token: 't' });
  replies = [json(200, {})];
  await moved.ping();
  expect(asked).toEqual(['GET /version']);
});
