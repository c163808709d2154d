import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { answerDirectly } from '@/server/api/ofrep/direct';
import { setToggleServing } from '@/server/services/toggle-serving/process';
import { ToggleWorld } from '@/server/services/toggle-serving/testing/world';

/** Through real connections, as applications come. */
const { db } = await testDatabase();
const world = new ToggleWorld(db);
const serving = world.serving();
setToggleServing(serving);
const ALL = '/ofrep/v1/evaluate/flags';
let server: Server;
let url = '';
let key = '';

beforeAll(async () => {
  await world.environment('prod');
  await world.set('banner', 'prod');
  key = await world.clientKey('prod');
  server = createServer((request, response) => {
    if (!answerDirectly(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await serving.stop();
  server.closeAllConnections();
  server.close();
});

const post = (path: string, body?: string) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'x-api-key': key },
    ...(body === undefined ? {} : { body }),
  });

it('answers what applications ask for all the time, and leaves the rest to Next', async () => {
  expect(await (await post(`${ALL}/banner`)).json()).toMatchObject({ key: 'banner', value: true });
  expect(await (await post(`${ALL}/a%2Fb`)).json()).toMatchObject({
    key: 'a/b',
    errorCode: 'FLAG_NOT_FOUND',
  });
  const all = await post(
    `${ALL}?flagConfigEtag=%22x%22&flagConfigLastModified=1`,
    '{"context":{"targetingKey":"u"}}',
  );
  expect(await all.json()).toMatchObject({ flags: [{ key: 'banner', value: true }] });
  expect((await fetch(url + ALL)).status).toBe(418);
  expect((await fetch(url + ALL, { method: 'OPTIONS' })).status).toBe(418);
  expect((await fetch(`${url}/ofrep/v1/other`)).status).toBe(418);
  expect((await fetch(`${url}/`)).status).toBe(418);
});

it('refuses what is too large before it has read it, and bears clients that hang up', async () => {
  const large = await post(ALL, `{"context":{"text":"${'x'.repeat(200_000)}"}}`);
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ errorCode: 'INVALID_CONTEXT' });
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve) => {
    const head = `POST ${ALL} HTTP/1.1\r\nhost: x\r\nx-api-key: ${key}\r\ncontent-length: 100\r\n\r\n{"con`;
    socket.write(head, () => {
      socket.destroy();
      resolve();
    });
  });
  expect((await post(`${ALL}/banner`)).status).toBe(200);
});

it('tells an EventSource of changes, and forgets it when it has gone', async () => {
  const first = (await (await post(ALL)).json()) as { eventStreams: { endpoint: { requestUri: string } }[] };
  const source = new EventSource(url + (first.eventStreams[0]?.endpoint.requestUri ?? ''));
  const heard: unknown[] = [];
  source.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data))));
  await expect.poll(() => serving.streams.size).toBe(1);
  await world.set('banner', 'prod', { defaultVariant: 'off' });
  const event = () => ({ type: 'refetchEvaluation', etag: serving.environment('prod')?.etag });
  await expect.poll(() => serving.environment('prod')?.evaluate('banner', {}).value).toBe(false);
  await expect.poll(() => heard.at(-1)).toMatchObject(event());
  source.close();
  await expect.poll(() => serving.streams.size).toBe(0);
});
