import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createLocalProvider } from '@/server/providers/local/adapter';
import { watchChanges } from '@/server/providers/local/changes';
import { LocalClient } from '@/server/providers/local/client';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function platform(listener: RequestListener): Promise<string> {
  const created = createServer(listener);
  server = created;
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  const address = created.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port');
  return `http://127.0.0.1:${address.port}`;
}

function provider(url: string) {
  return createLocalProvider('laptop', { url }, { ...process.env, SIGNALBOX_CLOUD_TOKEN: 'secret' });
}

it('calls the platform unavailable, and worth trying again, when nobody listens', async () => {
  const url = await platform(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  const reading = provider(url).describe();
  await expect(reading).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  await expect(reading).rejects.toThrow('ECONNREFUSED');
});

it('calls nonsense nonsense', async () => {
  const url = await platform((_, response) => response.end('<html>'));
  await expect(provider(url).describe()).rejects.toMatchObject({ code: 'unavailable' });
  const other = await platform((_, response) => response.end('{"serverGroups": 3}'));
  const reading = provider(other).describe();
  await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  await expect(reading).rejects.toThrow('serverGroups');
});

it.each([
  [409, 'fenced', 'fenced'],
  [409, 'conflict', 'conflict'],
  [413, 'too_large', 'invalid'],
  [500, 'internal', 'unavailable'],
  [418, 'teapot', 'invalid'],
])('turns a %i with code %s into %s and keeps the sentence', async (status, code, expected) => {
  const url = await platform((_, response) => {
    response.writeHead(status);
    response.end(JSON.stringify({ error: { code, message: 'do this' } }));
  });
  await expect(provider(url).describe()).rejects.toMatchObject({ code: expected, message: 'do this' });
});

it('says which setting is missing', async () => {
  const nowhere = createLocalProvider('laptop', {}, { ...process.env, SIGNALBOX_CLOUD_URL: '' });
  await expect(nowhere.describe()).rejects.toThrow('set SIGNALBOX_CLOUD_URL');
  const environment = { ...process.env, SIGNALBOX_CLOUD_TOKEN: '' };
  await expect(createLocalProvider('laptop', { url: 'http://x' }, environment).describe()).rejects.toThrow(
    'set SIGNALBOX_CLOUD_TOKEN',
  );
  const away = createLocalProvider('laptop', { endpointFile: '/nowhere/endpoint.json' });
  await expect(away.describe()).rejects.toMatchObject({ code: 'unavailable' });
});

it('gives up a watch on a platform that has gone silent, or that hangs up', async () => {
  const url = await platform((_, response) => {
    response.write('{"type":"ready"}\n');
  });
  const client = new LocalClient(() => Promise.resolve({ url, token: 'secret' }));
  const silent = watchChanges(client, new AbortController().signal, 50)[Symbol.asyncIterator]();
  expect((await silent.next()).done).toBe(false);
  await expect(silent.next()).rejects.toMatchObject({ code: 'unavailable', message: /silent/ });

  const left = watchChanges(client, new AbortController().signal)[Symbol.asyncIterator]();
  await left.next();
  server?.closeAllConnections();
  await expect(left.next()).rejects.toMatchObject({ code: 'unavailable' });
});
