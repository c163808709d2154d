import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toggleRoutes } from '@/server/api/rest/routes/toggles';
import type { ServiceContext } from '@/server/services/context';
import { addToggle, emptyToggles } from '@/server/services/testing/toggles';
import { ALL, testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';

const world = await testWorld();
const token = await world.token(ALL, 'admin');
const reviewer = await world.token(ALL, 'productOwner');
let admin: ServiceContext;

beforeAll(async () => {
  admin = await world.as('admin');
});
beforeEach(async () => {
  await emptyToggles(world, admin);
  await addToggle(admin, 'badge', { application: 'catalog' });
});

/** Asks, and holds what comes back against what the OpenAPI document promises. */
async function rest(method: string, path: string, body?: unknown, by = token) {
  const answer = await world.rest(method, path, { token: by, ...(body === undefined ? {} : { body }) });
  const [plain = ''] = path.split('?');
  const known = toggleRoutes.find(
    (route) =>
      route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  if (answer.status < 300) known?.output.parse(answer.body);
  return answer;
}
const definition = { on: true, offVariant: 'off', defaultVariant: 'on' };

describe('toggles', () => {
  it('are made, read, switched, defined, killed and archived', async () => {
    const made = { key: 'order', name: 'Order', variants: { a: 'x', b: 'y' } };
    expect(await rest('POST', '/toggles', made)).toMatchObject({ status: 201, body: { key: 'order' } });
    expect((await rest('POST', '/toggles', made)).status).toBe(409);
    expect((await rest('POST', '/toggles', { ...made, key: 'no good' })).status).toBe(400);
    const list = await rest('GET', '/toggles?application=catalog&stale=false');
    expect(list.body.items).toMatchObject([
      { key: 'badge', environments: [{ sentence: 'Switched off: everyone gets “off”.' }, {}] },
    ]);
    expect((await rest('GET', '/toggles?stale=perhaps')).status).toBe(400);
    const switched = await rest('POST', '/toggles/badge/environments/prod/switch', { on: true, revision: 1 });
    expect(switched).toMatchObject({ status: 200, body: { kind: 'applied', revision: 2 } });
    expect(
      await rest('POST', '/toggles/badge/environments/prod/switch', { on: false, revision: 1 }),
    ).toMatchObject({ status: 409, body: { error: { details: { revision: 2 } } } });
    const rules = {
      rules: [],
      otherwise: {
        kind: 'split',
        buckets: [
          { variant: 'on', weight: 1 },
          { variant: 'off', weight: 3 },
        ],
      },
    };
    expect((await rest('PUT', '/toggles/badge/environments/prod', { rules })).status).toBe(200);
    const whole = await rest('GET', '/toggles/badge');
    expect(whole.body.environments[1]).toMatchObject({ rules, sentence: 'Split: “on” 25 %, “off” 75 %.' });
    const wrong = { definition: { ...definition, defaultVariant: 'maybe' } };
    expect(await rest('PUT', '/toggles/badge/environments/prod', wrong)).toMatchObject({
      status: 422,
      body: { error: { details: { issues: [{ path: 'environments.prod.defaultVariant' }] } } },
    });
    expect((await rest('PUT', '/toggles/badge', { details: { tags: ['shop'] } })).status).toBe(200);
    const killed = await rest('POST', '/toggles/badge/kill', { reason: 'it burns' });
    expect(killed.body).toMatchObject({ killed: [{ environment: 'prod' }], alreadyOff: ['staging'] });
    expect((await rest('POST', '/toggles/badge/kill', {})).status).toBe(400);
    const { body: history } = await rest('GET', '/toggles/badge/history?environment=prod&limit=1');
    expect(history).toMatchObject({ items: [{ changes: ['Killed everywhere'], reason: 'it burns' }] });
    expect((await rest('POST', `/toggle-changes/${history.items[0].id}/undo`, {})).status).toBe(200);
    expect((await rest('GET', '/toggles/badge/environments/prod/counts')).body).toMatchObject({ total: 0 });
    expect((await rest('POST', '/toggles/badge/archive', {})).body).toMatchObject({ kind: 'applied' });
    expect((await rest('GET', '/toggles?archived=true')).body.items).toMatchObject([{ key: 'badge' }]);
    expect((await rest('POST', '/toggles/badge/restore', {})).status).toBe(200);
    expect((await rest('GET', '/toggles/ghost')).status).toBe(404);
  });

  it('can be tried on somebody', async () => {
    const conditions = [{ operator: 'equals', attribute: 'plan', value: 'pro' }];
    const rules = { rules: [{ conditions, serve: { kind: 'variant', variant: 'off' } }], otherwise: null };
    const body = { context: { targetingKey: 'u1', plan: 'pro' }, definition, rules };
    const { body: answer } = await rest('POST', '/toggles/badge/environments/prod/preview', body);
    expect(answer).toMatchObject({
      evaluation: { value: false, variant: 'off' },
      summary: 'Rule 1 matches: they get “off”.',
      rules: [{ isMatch: true, conditions: [{ text: 'plan is pro', actual: 'plan is pro' }] }],
    });
  });
});

it('changes wait for another person where review is demanded', async () => {
  await applyToggleEnvironment(admin, { name: 'prod', requiresReview: true });
  const asked = await rest('POST', '/toggles/badge/environments/prod/switch', { on: true, reason: 'launch' });
  expect(asked).toMatchObject({ status: 200, body: { kind: 'requested' } });
  const path = `/toggle-requests/${asked.body.requestId}`;
  expect((await rest('GET', '/toggle-requests?status=open')).body.items).toHaveLength(1);
  expect((await rest('GET', path)).body).toMatchObject({ changes: ['Switched on'], isOwn: true });
  expect((await rest('POST', `${path}/approve`, {})).status).toBe(403);
  expect((await rest('POST', `${path}/approve`, {}, reviewer)).body).toMatchObject({ kind: 'applied' });
  expect((await rest('POST', `${path}/reject`, {}, reviewer)).status).toBe(409);
  expect((await rest('POST', `${path}/withdraw`, {})).status).toBe(409);
});

it('environments, files, segments and client keys have doors', async () => {
  expect((await rest('PUT', '/toggle-environments/dev', { order: 0 })).body).toEqual({
    name: 'dev',
    created: true,
  });
  expect((await rest('GET', '/toggle-environments')).body.items).toHaveLength(3);
  const segment = { name: 'Staff', condition: { '!!': [{ var: 'staff' }] } };
  expect((await rest('PUT', '/toggle-segments/staff', segment)).body).toMatchObject({ revision: 1 });
  expect((await rest('GET', '/toggle-segments')).body.items).toMatchObject([{ key: 'staff', usedBy: [] }]);
  expect((await rest('DELETE', '/toggle-segments/staff')).status).toBe(200);
  const flags = { x: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' } };
  const brought = await rest('POST', '/toggle-environments/dev/import', { file: { flags } });
  expect(brought.body.flags).toMatchObject([{ key: 'x', outcome: 'created' }]);
  const { body: out } = await rest('GET', '/toggle-environments/dev/flagd?form=served');
  expect(out.file.flags).toMatchObject(flags);
  const made = await rest('POST', '/toggle-client-keys', { name: 'shop', environment: 'dev' });
  expect(made).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^sbt_server_/) } });
  const { body: keys } = await rest('GET', '/toggle-client-keys?environment=dev');
  expect(JSON.stringify(keys)).not.toContain(made.body.key);
  expect((await rest('DELETE', `/toggle-client-keys/${made.body.id}`)).status).toBe(200);
  expect((await rest('DELETE', `/toggle-client-keys/${made.body.id}`)).status).toBe(404);
});
