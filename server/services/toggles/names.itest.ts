import { createTRPCClient, httpBatchStreamLink } from '@trpc/client';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { beforeEach, describe, expect, it } from 'vitest';
import { toggles } from '@/db/schema';
import { appRouter } from '@/server/api/root';
import type { AppRouter } from '@/server/api/types';
import { transformer } from '@/server/domain/transformer';
import { addToggle, emptyToggles, switchToggle } from '@/server/services/testing/toggles';
import { ALL, testWorld } from '@/server/services/testing/world';
import { getToggle } from '@/server/services/toggles/get';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';

const world = await testWorld();
const admin = await world.as('admin');
const token = await world.token(ALL, 'admin');

beforeEach(() => emptyToggles(world, admin));

/** As the browser asks, without the network. */
const browser = createTRPCClient<AppRouter>({
  links: [
    httpBatchStreamLink({
      url: 'http://localhost/api/trpc',
      transformer,
      fetch: (url, options) =>
        fetchRequestHandler({
          endpoint: '/api/trpc',
          // Both are what `Request` takes; the client only has names of its own for them.
          req: new Request(url as string, options as RequestInit),
          router: appRouter,
          createContext: () => admin,
        }),
    }),
  ],
});

describe.each(['constructor', 'prototype'])('the name “%s”', (name) => {
  it('is refused for what is new, in a sentence', async () => {
    const variants = { on: true, off: false, [name]: true };
    await expect(addToggle(admin, name)).rejects.toThrow(
      `key.${name}: is a name that objects use themselves`,
    );
    await expect(addToggle(admin, 'badge', { variants })).rejects.toThrow(`variants.${name}: is a name`);
    await addToggle(admin, 'badge');
    const details = updateDetailsInput.parse({ key: 'badge', details: { variants } });
    await expect(updateToggleDetails(admin, details)).rejects.toThrow(`variants.${name}: is a name`);
    const segment = saveSegmentInput.parse({ key: name, name: 'x', condition: { '!!': [true] } });
    await expect(saveSegment(admin, segment)).rejects.toThrow(`key.${name}: is a name`);
  });

  it('takes no page away where it is stored already, or stands in a value', async () => {
    await addToggle(admin, 'badge', {
      variants: { a: { [name]: 1 }, b: { x: 2 } },
      metadata: { [name]: 'x' },
    });
    await addToggle(admin, 'price');
    await world.db.update(toggles).set({ variants: { on: true, off: false, [name]: true } });
    const asked = [
      browser.toggles.get.query({ key: 'price' }),
      browser.toggles.get.query({ key: 'badge' }),
      browser.toggles.history.query({ key: 'badge' }),
      browser.audit.list.query({}),
      browser.toggles.exportFlagd.query({ environment: 'prod' }),
    ] as const;
    const [price, badge] = await Promise.all(asked);
    expect(price.variants).toStrictEqual({ on: true, off: false, [name]: true });
    expect(badge.metadata).toStrictEqual({ [name]: 'x' });
    expect(await switchToggle(admin, { key: 'price', environment: 'prod', on: true })).toMatchObject({
      kind: 'applied',
    });
    expect((await getToggle(admin, { key: 'price' })).environments[1]?.on).toBe(true);
  });
});

it('refuses “__proto__” over REST and does not drop it', async () => {
  const body = '{"key":"badge","name":"x","variants":{"on":true,"__proto__":false}}';
  const answer = await world.rest('POST', '/toggles', { token, body });
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain('variants.__proto__: is a name that objects use themselves');
});
