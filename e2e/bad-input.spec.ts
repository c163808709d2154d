import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';

const deployment = { artifact: 'catalog', environment: 'staging', version: '1.1.0' };

test.describe('bad input is answered with a sentence and changes nothing', () => {
  const cases: readonly { name: string; body: unknown; status: number; says: string }[] = [
    { name: 'an unknown artifact', body: { ...deployment, artifact: 'ghost' }, status: 404, says: 'ghost' },
    { name: 'an unknown version', body: { ...deployment, version: '9.9.9' }, status: 404, says: '9.9.9' },
    {
      name: 'an unknown environment',
      body: { ...deployment, environment: 'moon' },
      status: 404,
      says: 'moon',
    },
    {
      name: 'a missing field',
      body: { artifact: 'catalog', environment: 'staging' },
      status: 400,
      says: 'version',
    },
    { name: 'malformed JSON', body: '{"artifact":', status: 400, says: 'JSON' },
    { name: 'a body that is no object', body: '[]', status: 400, says: 'object' },
  ];
  for (const { name, body, status, says } of cases) {
    test(name, async ({ api }) => {
      const before = await api.must<{ items: unknown[] }>('GET', '/api/v1/executions?application=catalog');
      const answer = await api.send('POST', '/api/v1/deployments', body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(status);
      expect(answer.body).toMatchObject({
        error: { code: expect.any(String), message: expect.stringContaining(says) },
      });
      const after = await api.must<{ items: unknown[] }>('GET', '/api/v1/executions?application=catalog');
      expect(after.items.length).toBe(before.items.length);
    });
  }
});

test('without a token and with a wrong one the doors stay shut', async ({ api }) => {
  for (const token of [null, 'sbx_wrong']) {
    const answer = await api.withToken(token).send('POST', '/api/v1/deployments', deployment);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ error: { code: 'unauthenticated' } });
  }
});

test('a token without the scope is refused, by deploying and by judging', async ({ api }) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const { token } = await api.must<{ token: string }>('POST', '/api/v1/tokens', {
    name: app.name,
    scopes: ['read'],
  });
  const reader = api.withToken(token);
  expect((await reader.send('GET', `/api/v1/applications/${app.name}/clusters`)).status).toBe(200);

  const id = await app.deploy('prod', '1.1.0');
  await app.atGate(id);
  const judged = await reader.send('POST', `/api/v1/executions/${id}/stages/approve/judgment`, {
    decision: 'continue',
  });
  expect(judged.status).toBe(403);
  expect(JSON.stringify(judged.body)).toContain('judgment.decide');
  const deployed = await reader.send('POST', '/api/v1/deployments', { ...deployment, artifact: app.name });
  expect(deployed.status).toBe(403);
  expect((await api.execution(id)).waitingFor.map((w) => w.kind)).toContain('person');
  await api.judge(id, 'approve', 'stop');
});

test('an address that cannot be decoded is a 400 in JSON', async ({ api }) => {
  for (const path of [
    '/api/v1/applications/%zz',
    '/api/v1/applications/a%00b',
    '/api/v1/executions/%E0%A4%A',
  ]) {
    expect(await api.send('GET', path)).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_request' } },
    });
  }
});

test('what is not there is a 404 in JSON, and a wrong method says which are right', async ({ api }) => {
  expect(await api.send('GET', '/api/v1/nothing-here')).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found' } },
  });
  expect((await api.send('GET', '/api/v1/executions/not-an-id')).status).toBe(400);
  expect((await api.send('GET', '/api/v1/executions/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  expect((await api.send('DELETE', '/api/v1/deployments')).status).toBe(405);
});
