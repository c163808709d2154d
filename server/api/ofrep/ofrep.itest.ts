import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { evaluateFlag as flagDoor } from '@/server/api/ofrep/evaluate-flag';
import { evaluateFlags as flagsDoor } from '@/server/api/ofrep/evaluate-flags';
import { flagdFile as fileDoor } from '@/server/api/ofrep/flagd-file';
import { asRoute } from '@/server/api/ofrep/next';
import { streamChanges as streamDoor } from '@/server/api/ofrep/stream';
import { takeTracking as trackingDoor } from '@/server/api/ofrep/tracking';
import { setToggleServing } from '@/server/services/toggle-serving/process';
import { ToggleWorld } from '@/server/services/toggle-serving/testing/world';

const [evaluateFlag, evaluateFlags, flagdFile] = [asRoute(flagDoor), asRoute(flagsDoor), asRoute(fileDoor)];
const [streamChanges, takeTracking] = [asRoute(streamDoor), asRoute(trackingDoor)];
const { db } = await testDatabase();
const world = new ToggleWorld(db);
const serving = world.serving();
setToggleServing(serving);
let serverKey = '';
let webKey = '';
const half = {
  fractional: [
    ['on', 50],
    ['off', 50],
  ],
};

beforeAll(async () => {
  await world.environment('prod');
  await world.environment('staging');
  await world.set('banner', 'prod');
  await world.set('split', 'prod', { targeting: half, defaultVariant: 'off' });
  await world.set('killed', 'prod', { on: false });
  await world.set('off-variant', 'prod', { on: false, offVariant: 'off' });
  await world.set('elsewhere', 'staging');
  await world.set(
    'colour',
    'prod',
    { defaultVariant: 'red' },
    { variants: { red: '#f00', blue: '#00f' }, kind: 'experiment' },
  );
  serverKey = await world.clientKey('prod');
  webKey = await world.clientKey('prod', 'web');
  await serving.ready();
});
afterAll(() => serving.stop());

const ORIGIN = 'http://signalbox.test';
type Headers = Record<string, string>;

function post(path: string, body: unknown, headers: Headers = { 'x-api-key': serverKey }): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(`${ORIGIN}${path}`, { method: 'POST', body: text, headers });
}
const one = async (key: string, body: unknown = { context: { targetingKey: 'u1' } }, headers?: Headers) => {
  const response = await evaluateFlag(post(`/ofrep/v1/evaluate/flags/${key}`, body, headers));
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, response };
};
const all = async (body: unknown = { context: { targetingKey: 'u1' } }, headers?: Headers, query = '') => {
  const response = await evaluateFlags(post(`/ofrep/v1/evaluate/flags${query}`, body, headers));
  const text = await response.text();
  const json =
    text === '' ? null : (JSON.parse(text) as { flags: { key: string }[]; eventStreams: unknown[] });
  return { status: response.status, json, etag: response.headers.get('etag') ?? '', response };
};
const metadata = { flagSetId: 'prod' };

describe('one flag', () => {
  it.each([
    ['banner', { value: true, variant: 'on', reason: 'STATIC' }],
    ['killed', { reason: 'DISABLED' }],
    ['off-variant', { value: false, variant: 'off', reason: 'STATIC' }],
    ['colour', { value: '#f00', variant: 'red', reason: 'STATIC' }],
  ])('%s is answered in the form of the protocol', async (key, expected) => {
    expect(await one(key)).toMatchObject({ status: 200, body: { key, ...expected, metadata } });
    expect(Object.keys((await one(key)).body).toSorted()).toEqual(
      ['key', 'metadata', ...Object.keys(expected)].toSorted(),
    );
  });

  it('takes no body as the empty context', async () => {
    expect(await one('banner', '')).toMatchObject({ status: 200, body: { value: true } });
    expect(await one('banner', {})).toMatchObject({ status: 200 });
  });

  it('of another environment is not there', async () => {
    const { status, body } = await one('elsewhere');
    expect({ status, ...body }).toMatchObject({ status: 404, key: 'elsewhere', errorCode: 'FLAG_NOT_FOUND' });
    expect(body.errorDetails).toEqual(expect.any(String));
    expect(body).not.toHaveProperty('reason');
  });

  it('is found by a key with slashes, encoded or not', async () => {
    expect((await one('a/b%20c')).body).toMatchObject({ key: 'a/b c', errorCode: 'FLAG_NOT_FOUND' });
    expect((await one('a%2Fb%20c')).body).toMatchObject({ key: 'a/b c', errorCode: 'FLAG_NOT_FOUND' });
    expect((await one('50%')).body).toMatchObject({ key: '50%', errorCode: 'FLAG_NOT_FOUND' });
  });

  it.each([
    ['{', 'PARSE_ERROR'],
    ['[]', 'INVALID_CONTEXT'],
    ['null', 'INVALID_CONTEXT'],
    ['{"context":"me"}', 'INVALID_CONTEXT'],
    ['{"context":null}', 'INVALID_CONTEXT'],
    ['{"context":{"targetingKey":5}}', 'INVALID_CONTEXT'],
    [`{"context":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`, 'INVALID_CONTEXT'],
  ])('is refused for the body %.40s', async (body, errorCode) => {
    expect(await one('banner', body)).toMatchObject({ status: 400, body: { key: 'banner', errorCode } });
    expect(await all(body)).toMatchObject({ status: 400, json: { errorCode } });
  });

  it('that splits people needs their key', async () => {
    expect(await one('split', {})).toMatchObject({
      status: 400,
      body: { key: 'split', errorCode: 'TARGETING_KEY_MISSING' },
    });
    const { json } = await all({});
    const split = json?.flags.find(({ key }) => key === 'split');
    expect(split).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
    expect(split).not.toHaveProperty('value');
  });

  it('is refused for a body that is too large', async () => {
    const large = { context: { targetingKey: 'u', text: 'x'.repeat(70_000) } };
    expect(await one('banner', large)).toMatchObject({
      status: 413,
      body: { key: 'banner', errorCode: 'INVALID_CONTEXT' },
    });
    expect((await all(large)).status).toBe(413);
  });

  it.each([
    ['no key', {}],
    ['an unknown key', { 'x-api-key': 'sbx_nobody' }],
    ['an unknown bearer', { authorization: 'Bearer sbx_nobody' }],
    ['a session of the dashboard', { cookie: 'next-auth.session-token=x' }],
  ])('is refused with %s', async (_, headers) => {
    const { status, body, response } = await one('banner', {}, headers);
    expect({ status, ...body }).toMatchObject({ status: 401, key: 'banner', errorCode: 'GENERAL' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await all({}, headers)).status).toBe(401);
  });

  it('is put off for a second when one key asks without end, and no other key is', async () => {
    const key = await world.clientKey('prod', 'web');
    await expect.poll(async () => (await one('banner', {}, { 'x-api-key': key })).status).toBe(200);
    let last = await one('banner', {}, { 'x-api-key': key });
    for (let count = 0; last.status === 200 && count < 50_000; count++)
      last = await one('banner', {}, { 'x-api-key': key });
    expect(last).toMatchObject({ status: 429, body: { key: 'banner', errorCode: 'GENERAL' } });
    expect(last.response.headers.get('retry-after')).toBe('1');
    expect((await one('banner')).status).toBe(200);
  });

  it('is given to a bearer as well', async () => {
    expect((await one('banner', {}, { authorization: `Bearer ${serverKey}` })).status).toBe(200);
  });
});

describe('all flags', () => {
  it('come with disabled ones, and with where changes are told', async () => {
    const { json, status, response } = await all();
    expect(status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(json?.flags.map(({ key }) => key)).toEqual(['banner', 'colour', 'killed', 'off-variant', 'split']);
    expect(json?.flags[2]).toEqual({ key: 'killed', reason: 'DISABLED', metadata });
    expect(json).toMatchObject({
      metadata,
      eventStreams: [
        { type: 'sse', endpoint: { requestUri: expect.stringMatching(/^\/ofrep\/v1\/stream\?token=/) } },
      ],
    });
  });

  it('are not sent again while neither flags nor context change', async () => {
    const { etag } = await all();
    const again = (context: object, key = serverKey) =>
      all({ context }, { 'x-api-key': key, 'if-none-match': etag });
    const same = await again({ targetingKey: 'u1' });
    expect(same).toMatchObject({ status: 304, json: null, etag });
    expect((await again({ targetingKey: 'u1', plan: 'pro' })).status).toBe(200);
    expect((await again({ targetingKey: 'u2' })).status).toBe(200);
    await world.set('banner', 'prod', { defaultVariant: 'off' });
    await expect.poll(async () => (await again({ targetingKey: 'u1' })).status).toBe(200);
    await world.set('banner', 'prod');
    await expect.poll(async () => (await again({ targetingKey: 'u1' })).status).toBe(304);
  });

  it('may be read by pages of any origin with a web key, and not with a server key', async () => {
    expect((await all({}, { 'x-api-key': webKey })).response.headers.get('access-control-allow-origin')).toBe(
      '*',
    );
    expect(
      (await all({}, { 'x-api-key': 'wrong' })).response.headers.get('access-control-allow-origin'),
    ).toBe('*');
    expect((await all({})).response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('definitions', () => {
  const file = (key: string, environment = 'prod', etag = '') =>
    flagdFile(
      new Request(`${ORIGIN}/api/toggles/${environment}/flagd.json`, {
        headers: { authorization: `Bearer ${key}`, ...(etag && { 'if-none-match': etag }) },
      }),
    );

  it('are given to servers of the environment, once', async () => {
    const response = await file(serverKey);
    expect(response.status).toBe(200);
    expect(Object.keys(((await response.json()) as { flags: object }).flags)).toHaveLength(5);
    expect((await file(serverKey, 'prod', response.headers.get('etag') ?? '')).status).toBe(304);
  });

  it('are refused to pages, to other environments and to nobody', async () => {
    expect((await file(webKey)).status).toBe(403);
    expect((await file(serverKey, 'staging')).status).toBe(403);
    expect((await file('nobody')).status).toBe(401);
  });
});

/** What nobody holds is gone afterwards, as it would be sooner or later. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('the stream', () => {
  /** What a client hears; `close` ends it. */
  async function listen(address: string, headers: Headers = {}) {
    const controller = new AbortController();
    const response = await streamChanges(
      new Request(ORIGIN + address, { headers, signal: controller.signal }),
    );
    const heard: string[] = [];
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let isOpen = response.status === 200;
    const done = (async () => {
      for (;;) {
        const { done: isDone, value } = (await reader?.read()) ?? { done: true };
        if (isDone) break;
        heard.push(value ?? '');
      }
      isOpen = false;
    })();
    return {
      response,
      isOpen: () => isOpen,
      events: () =>
        [...heard.join('').matchAll(/data: (.*)\n\n/g)].map((match) => JSON.parse(match[1] ?? '') as unknown),
      ids: () => [...heard.join('').matchAll(/id: (.*)\n/g)].map((match) => match[1] ?? ''),
      close: async () => {
        controller.abort();
        await done;
      },
    };
  }
  const address = async (key = serverKey) => {
    const { json } = await all({}, { 'x-api-key': key });
    const [stream] = (json?.eventStreams ?? []) as { endpoint: { requestUri: string } }[];
    return stream?.endpoint.requestUri ?? '';
  };

  it('tells of a change, and what was missed to those who come back', async () => {
    const first = await listen(await address());
    expect(first.response.headers.get('content-type')).toBe('text/event-stream');
    // Toggles have just changed: perhaps after this client evaluated.
    await expect.poll(first.events).toHaveLength(1);
    await world.set('banner', 'prod', { defaultVariant: 'off' });
    await expect.poll(first.events).toHaveLength(2);
    expect(first.events().at(-1)).toMatchObject({
      type: 'refetchEvaluation',
      etag: serving.environment('prod')?.etag,
      lastModified: expect.any(Number),
    });
    const seen = first.ids().at(-1) ?? '';
    collectGarbage();
    await first.close();
    await expect.poll(() => serving.streams.size).toBe(0);
    const same = await listen(await address(), { 'last-event-id': seen });
    expect(same.events()).toEqual([]);
    await same.close();
    await world.set('banner', 'prod');
    await expect.poll(() => serving.environment('prod')?.etag).not.toBe(seen);
    const late = await listen(await address(), { 'last-event-id': seen });
    await expect.poll(late.events).toHaveLength(1);
    await late.close();
  });

  it('says nothing of other environments', async () => {
    const client = await listen(await address());
    await expect.poll(client.events).toHaveLength(1);
    await world.set('elsewhere', 'staging', { on: false });
    await expect
      .poll(() => serving.environment('staging')?.evaluate('elsewhere', {}).reason)
      .toBe('DISABLED');
    // What is told later comes later.
    await world.set('killed', 'prod', { on: false, defaultVariant: 'off' });
    await expect.poll(client.events).toHaveLength(2);
    expect(client.events().at(-1)).toMatchObject({ etag: serving.environment('prod')?.etag });
    await client.close();
  });

  it('is at the same address for a while, so that clients keep what they have', async () => {
    expect(await address()).toBe(await address());
    expect(await address(webKey)).not.toBe(await address());
  });

  it('is not opened by a token that is made up, and ends with its key', async () => {
    for (const token of ['', 'x', 'a.b.c', `${(await address()).split('=')[1]}x`]) {
      const { response } = await listen(`/ofrep/v1/stream?token=${token}`);
      expect(response.status).toBe(401);
    }
    const key = await world.clientKey('prod', 'web');
    await expect.poll(async () => (await all({}, { 'x-api-key': key })).status).toBe(200);
    const client = await listen(await address(key));
    expect(client.isOpen()).toBe(true);
    await db.execute(sql`UPDATE toggle_client_keys SET revoked_at = now() WHERE prefix = ${key.slice(0, 8)} AND kind = 'web'
      AND created_at = (SELECT max(created_at) FROM toggle_client_keys)`);
    await world.tell('key');
    await expect.poll(client.isOpen).toBe(false);
    expect((await all({}, { 'x-api-key': key })).status).toBe(401);
  });
});

describe('counting', () => {
  const counted = async () => {
    await serving.flush();
    const { rows } = await db.execute<{ toggle: string; variant: string; count: number }>(sql`
      SELECT toggle, variant, sum(count)::int AS count FROM toggle_counts WHERE environment = 'prod' GROUP BY 1, 2`);
    return Object.fromEntries(rows.map(({ toggle, variant, count }) => [`${toggle}/${variant}`, count]));
  };

  it('adds up what was answered, per variant, and not what failed', async () => {
    const before = await counted();
    await one('banner');
    await one('banner');
    await one('split', {});
    await one('killed');
    const { etag } = await all();
    await all(undefined, { 'x-api-key': serverKey, 'if-none-match': etag });
    const after = await counted();
    const difference = (id: string) => (after[id] ?? 0) - (before[id] ?? 0);
    expect(difference('banner/on')).toBe(3);
    expect(difference('killed/')).toBe(2);
    expect(difference('split/on') + difference('split/off')).toBe(1);
    const { rows } = await db.execute(sql`SELECT 1 FROM toggle_client_keys WHERE last_used_at IS NOT NULL`);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('takes goals by the variant that people have', async () => {
    const track = (body: unknown) =>
      takeTracking(post('/api/telemetry/tracking', body, { 'x-api-key': webKey }));
    const bought = {
      name: 'bought',
      context: { targetingKey: 'u1' },
      details: { value: 12.5, item: 'lantern' },
    };
    const response = await track({
      events: [bought, bought, { name: 'bought', variants: { banner: 'off', nope: 'x' } }],
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 3 });
    await serving.flush();
    const { rows } = await db.execute(
      sql`SELECT goal, toggle, variant, count::int, sum FROM toggle_goals ORDER BY toggle`,
    );
    expect(rows).toEqual([
      { goal: 'bought', toggle: 'banner', variant: 'off', count: 1, sum: 0 },
      { goal: 'bought', toggle: 'colour', variant: 'red', count: 2, sum: 25 },
    ]);
    for (const body of [{}, { events: [] }, { events: [{ name: 'a\u0000b' }] }, { events: [{ name: '' }] }])
      expect((await track(body)).status).toBe(400);
    expect((await takeTracking(post('/api/telemetry/tracking', {}, {}))).status).toBe(401);
  });
});
