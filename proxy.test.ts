import { NextRequest } from 'next/server';
import { expect, it } from 'vitest';
import { config, proxy } from '@/proxy';

const at = (path: string) => proxy(new NextRequest(`http://localhost:3000${path}`));
const isShown = (path: string) => config.matcher.some((one) => new RegExp(`^${one}$`).test(path));

it('refuses an address that cannot be decoded with a sentence', async () => {
  for (const path of ['/api/v1/applications/%zz', '/api/webhooks/%E0%A4%A', '/api/v1/x%']) {
    expect(isShown(path)).toBe(true);
    const answer = await at(path);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'bad_request' } });
  }
});

it('lets machines through to their doors, mostly without being asked', async () => {
  expect(isShown('/api/v1/applications/a%20b%2Fc')).toBe(false);
  const name = `/api/v1/applications/${encodeURIComponent('신호')}`;
  expect(isShown(name)).toBe(true);
  expect((await at(name)).headers.get('x-middleware-next')).toBe('1');
});
