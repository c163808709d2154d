import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { expect, test } from '@/e2e/support/fixtures';
import { ON_OFF, Toggles } from '@/e2e/support/toggles';
import type { Targeting } from '@/server/domain/toggles';

/** With the SDKs that applications use, as their registries have them, against the running product. */

const half = {
  fractional: [
    ['on', 50],
    ['off', 50],
  ],
};

/** The server SDK with the provider of the remote protocol. */
async function serverClient(url: string, key: string): Promise<Client> {
  const domain = `server-${Math.random()}`;
  const provider = new OFREPProvider({ baseUrl: url, headers: [['X-API-Key', key]] });
  await OpenFeature.setProviderAndWait(domain, provider);
  return OpenFeature.getClient(domain);
}

test.beforeAll(() => {
  // As a browser has it.
  Object.assign(globalThis, { EventSource });
});
test.afterAll(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
});

test('the server SDK gets values and reasons, and its own defaults where there are none', async ({
  page,
  stack,
  signedIn: _,
}) => {
  const toggles = new Toggles(page, stack.url);
  const { id, key } = await toggles.clientKey();
  const plain = await toggles.create();
  const text = await toggles.create({}, { a: 'Hello', b: 'Good day' });
  const number = await toggles.create({}, { low: 0, high: 10.5 });
  const object = await toggles.create({}, { dark: { text: '#fff' }, light: { text: '#000' } });
  const split = await toggles.create({ targeting: half, defaultVariant: 'off' });
  const disabled = await toggles.create({ on: false, offVariant: null });
  const client = await serverClient(stack.url, key);
  const visitor = { targetingKey: 'u1' };

  await expect(async () => {
    expect(await client.getBooleanDetails(plain, false, visitor)).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
    });
  }).toPass();
  expect(await client.getStringValue(text, 'none', visitor)).toBe('Hello');
  expect(await client.getNumberValue(number, 5, visitor)).toBe(0);
  expect(await client.getObjectValue(object, {}, visitor)).toEqual({ text: '#fff' });
  expect(await client.getBooleanDetails(split, false, visitor)).toMatchObject({ reason: 'TARGETING_MATCH' });

  const codeOf = async (flag: string, context = {}) =>
    (await client.getBooleanDetails(flag, true, context)).errorCode;
  expect(await codeOf(split)).toBe('TARGETING_KEY_MISSING');
  expect(await codeOf('not-there', visitor)).toBe('FLAG_NOT_FOUND');
  expect(await codeOf(text, visitor)).toBe('TYPE_MISMATCH');
  expect(await codeOf('a/b c', visitor)).toBe('FLAG_NOT_FOUND');
  // Without a value the default in the code is to be used. This version of the provider calls that an error.
  expect(await client.getBooleanDetails(disabled, true, visitor)).toMatchObject({
    value: true,
    errorCode: 'GENERAL',
  });
  const large = { ...visitor, text: 'x'.repeat(100_000) };
  expect(await client.getBooleanDetails(plain, false, large)).toMatchObject({
    value: false,
    reason: 'ERROR',
  });

  await toggles.revoke(id);
  await expect
    .poll(() => client.getBooleanDetails(plain, false, visitor))
    .toMatchObject({ value: false, errorCode: 'GENERAL' });
});

test('a flip reaches a connected web SDK by itself, and what has not changed is not sent again', async ({
  page,
  stack,
  signedIn: _,
}) => {
  const toggles = new Toggles(page, stack.url);
  const { key } = await toggles.clientKey('web');
  const flag = await toggles.create({ offVariant: 'off' });
  const statuses: number[] = [];
  const provider = new OFREPWebProvider({
    baseUrl: stack.url,
    headers: [['Authorization', `Bearer ${key}`]],
    cacheMode: 'disabled',
    fetchImplementation: async (url, init) => {
      const response = await fetch(url, init);
      statuses.push(response.status);
      return response;
    },
  });
  await WebOpenFeature.setContext({ targetingKey: 'u1' });
  await WebOpenFeature.setProviderAndWait(provider);
  const client = WebOpenFeature.getClient();
  expect(client.getBooleanDetails(flag, false)).toMatchObject({ value: true, reason: 'STATIC' });
  // The toggles have just changed, so the stream asks at once whether anything was missed: nothing was.
  await expect.poll(() => statuses).toEqual([200, 304]);

  await toggles.turn(flag, false);
  await expect.poll(() => client.getBooleanValue(flag, true)).toBe(false);
  expect(statuses).toEqual([200, 304, 200]);
  await toggles.turn(flag, true);
  await expect.poll(() => client.getBooleanValue(flag, false)).toBe(true);

  await WebOpenFeature.setContext({ targetingKey: 'u2', plan: 'pro' });
  expect(statuses.at(-1)).toBe(200);
});

test('a web SDK with a wrong key is told so and does not go on', async ({ stack }) => {
  const provider = new OFREPWebProvider({
    baseUrl: stack.url,
    headers: [['X-API-Key', 'sbt_web_nobody']],
    cacheMode: 'disabled',
  });
  await expect(WebOpenFeature.setProviderAndWait('wrong', provider)).rejects.toThrow();
  expect(WebOpenFeature.getClient('wrong').providerStatus).toBe('FATAL');
});

test('twenty thousand people get the same from the protocol and from a provider in their own process', async ({
  page,
  stack,
  signedIn: _,
}) => {
  test.setTimeout(240_000);
  const toggles = new Toggles(page, stack.url);
  const { key } = await toggles.clientKey();
  const colours = { red: 'r', green: 'g', grey: 'x' };
  const targeting: Targeting = {
    if: [
      { ends_with: [{ var: 'email' }, '@corp.test'] },
      'red',
      {
        fractional: [
          ['red', 10],
          ['green', 25],
          ['grey', 65],
        ],
      },
    ],
  };
  const flag = await toggles.create({ targeting, defaultVariant: 'grey' }, colours);
  const address = `${stack.url}/api/toggles/${toggles.environment}/flagd.json`;
  const headers = { authorization: `Bearer ${key}` };
  await expect.poll(async () => await (await fetch(address, { headers })).text()).toContain(flag);
  const response = await fetch(address, { headers });
  const etag = response.headers.get('etag') ?? '';
  expect((await fetch(address, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);

  const folder = mkdtempSync(path.join(tmpdir(), 'toggles-e2e-'));
  try {
    const file = path.join(folder, 'flags.json');
    writeFileSync(file, await response.text());
    const inProcess = new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file });
    await OpenFeature.setProviderAndWait('in-process', inProcess);
    const local = OpenFeature.getClient('in-process');
    const remote = await serverClient(stack.url, key);
    const found = { red: 0, green: 0, grey: 0 };
    let differences = 0;
    let next = 0;
    const one = async () => {
      while (next < 20_000) {
        const index = next++;
        const context = {
          targetingKey: `user-${index}`,
          email: `u@${index % 20 === 0 ? 'corp' : 'other'}.test`,
        };
        const [here, there] = await Promise.all([
          local.getStringDetails(flag, 'none', context),
          remote.getStringDetails(flag, 'nothing', context),
        ]);
        if (here.variant !== there.variant || here.value !== there.value || here.reason !== there.reason)
          differences += 1;
        const variant = there.variant;
        if (variant === 'red' || variant === 'green' || variant === 'grey') found[variant] += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, one));
    expect(differences).toBe(0);
    expect(found.red + found.green + found.grey).toBe(20_000);
    expect(found.green).toBeGreaterThan(4_300);
    expect(found.green).toBeLessThan(5_200);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a flip in the dashboard changes what the running catalog answers', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const toggles = new Toggles(page, stack.url);
  const feature = 'price-badge';
  if (!(await toggles.exists(feature)))
    await toggles.create({ on: false, defaultVariant: 'on' }, ON_OFF, feature);
  const balancer = (await api.clusters()).loadBalancers.find(({ name }) => name.includes('staging'));
  const badge = async () => (await (await fetch(balancer?.url ?? '')).text()).includes('Best price');
  const before = await badge();
  await toggles.turn(feature, !before);
  await expect.poll(badge).toBe(!before);
  await toggles.turn(feature, before);
  await expect.poll(badge).toBe(before);
});
