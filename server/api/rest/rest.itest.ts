import { readFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { accounts, apiTokens, artifacts, audit, executions, pins, users } from '@/db/schema';
import { openApiDocument } from '@/server/api/rest/openapi';
import { routes } from '@/server/api/rest/routes';
import { localProvider } from '@/server/providers/local/manifest';
import type { Provider } from '@/server/providers/provider';
import { hashToken } from '@/server/services/auth/token';
import { seedAnalysis, seedCanaryConfig } from '@/server/services/testing/canary-analyses';
import { seedToggle } from '@/server/services/testing/toggles';
import {
  ALL,
  CANARY,
  catalogDefinition,
  DIGEST,
  openGate,
  seeServerGroup,
  testWorld,
} from '@/server/services/testing/world';

const world = await testWorld();
const { db, rest } = world;
const admin = await world.token(ALL, 'admin', 'releaseManager');
for (const region of ['eu', 'us']) {
  await seeServerGroup(world, region, 'prod', 0, '1.0.0', { traffic: 0 });
  await seeServerGroup(world, region, 'prod', 1, '1.1.0', { traffic: 1 });
}
const deployment = { artifact: 'catalog', environment: 'staging', version: '1.1.0' };
const countExecutions = async () => (await db.select({ id: executions.id }).from(executions)).length;

async function deploy(body: object = deployment, headers: Record<string, string> = {}) {
  return rest('POST', '/deployments', { token: admin, body, headers });
}

describe('a request that cannot be right', () => {
  const cases: readonly (readonly [string, unknown, number, string])[] = [
    ['an unknown artifact', { ...deployment, artifact: 'ghost' }, 404, 'ghost'],
    ['an unknown version', { ...deployment, version: '9.9.9' }, 404, '1.2.0'],
    ['an unknown environment', { ...deployment, environment: 'moon' }, 404, 'prod, staging'],
    ['an unknown application', { ...deployment, application: 'ghost' }, 404, 'ghost'],
    ['a missing field', { artifact: 'catalog', environment: 'staging' }, 400, 'version'],
    ['a field of the wrong kind', { ...deployment, version: 3 }, 400, 'version'],
    ['malformed JSON', '{"artifact":', 400, 'JSON'],
    ['a body that is no object', [], 400, 'object'],
    ['a body that is too large', { ...deployment, version: 'x'.repeat(1_000_001) }, 413, 'larger'],
  ];
  it.each(cases)('is refused with a sentence: %s', async (_name, body, status, says) => {
    const before = await countExecutions();
    const answer = await rest('POST', '/deployments', { token: admin, body });
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringContaining(says) } } });
    expect(await countExecutions()).toBe(before);
  });

  it('is refused without a token, with a wrong one, with an expired and with a revoked one', async () => {
    expect((await rest('GET', '/applications')).status).toBe(401);
    expect((await rest('GET', '/applications', { token: 'sbx_wrong' })).status).toBe(401);
    expect((await rest('GET', '/applications', { headers: { authorization: 'Basic eDp5' } })).status).toBe(
      401,
    );
    for (const end of [{ expiresAt: new Date(0) }, { revokedAt: new Date() }]) {
      const token = await world.token(['read'], 'engineer');
      expect((await rest('GET', '/applications', { token })).status).toBe(200);
      await db
        .update(apiTokens)
        .set(end)
        .where(eq(apiTokens.tokenHash, hashToken(token)));
      expect((await rest('GET', '/applications', { token })).status).toBe(401);
    }
  });

  it('is refused when the owner of the token is disabled, or has lost what the token may do', async () => {
    const token = await world.token(['read', 'execution.start'], 'engineer');
    const [row] = await db
      .select()
      .from(apiTokens)
      .where(eq(apiTokens.tokenHash, hashToken(token)));
    const owner = eq(users.id, row?.userId ?? '');
    await db
      .update(users)
      .set({ roles: ['productOwner'] })
      .where(owner);
    expect((await rest('POST', '/deployments', { token, body: deployment })).status).toBe(403);
    expect((await rest('GET', '/applications', { token })).status).toBe(200);
    await db.update(users).set({ disabled: true }).where(owner);
    expect((await rest('GET', '/applications', { token })).status).toBe(401);
  });

  it('is refused to a token without the scope before its body is looked at', async () => {
    const token = await world.token(['read'], 'admin');
    const answer = await rest('POST', '/deployments', { token, body: '{{{' });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden', details: { permission: 'execution.start' } } },
    });
  });

  it('is a 404 in JSON for what is not there and a 405 that names the methods for what is', async () => {
    expect(await rest('GET', '/nothing', { token: admin })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect(await rest('GET', '/executions/%E0%A4%A', { token: admin })).toMatchObject({ status: 400 });
    expect(await rest('GET', '/executions/no-id', { token: admin })).toMatchObject({ status: 400 });
    const answer = await rest('DELETE', '/deployments', { token: admin });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('deployments', () => {
  it('start the pipeline of the environment and say who asked', async () => {
    const { status, body } = await deploy();
    expect(status).toBe(201);
    const answer = await rest('GET', `/executions/${body.executionId}`, { token: admin });
    expect(answer.body).toMatchObject({
      pipeline: 'deploy-staging',
      environment: 'staging',
      version: '1.1.0',
      digest: DIGEST['1.1.0'],
      status: 'pending',
      sentence: 'Waits for a worker to begin.',
      trigger: { kind: 'api', note: 'deploy catalog 1.1.0 to staging' },
      stages: [{ refId: 'deploy', type: 'deploy', name: 'Deploy to staging', status: 'pending' }],
    });
    const [entry] = await db.select().from(audit).where(eq(audit.subject, body.executionId));
    expect(entry).toMatchObject({ action: 'execution.start', via: 'api', application: 'catalog' });
  });

  it('started twice with one Idempotency-Key are one, also at the same moment', async () => {
    const headers = { 'idempotency-key': 'release-42' };
    const answers = await Promise.all([
      deploy(deployment, headers),
      deploy(deployment, headers),
      deploy(deployment, headers),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.executionId)).size).toBe(1);
    expect((await deploy({ ...deployment, version: '1.0.0' }, headers)).status).toBe(409);
    const other = await world.token(ALL, 'admin');
    const theirs = await rest('POST', '/deployments', { token: other, body: deployment, headers });
    expect(theirs.body.executionId).not.toBe(answers[0]?.body.executionId);
  });

  it('of a vetoed artifact are refused, with who and why, until the veto is lifted', async () => {
    const path = '/artifacts/catalog/1.2.0/veto';
    expect((await rest('POST', path, { token: admin, body: { reason: 'leaks memory' } })).status).toBe(200);
    expect((await rest('POST', path, { token: admin, body: { reason: 'again' } })).status).toBe(409);
    const refused = await deploy({ ...deployment, version: '1.2.0' });
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('leaks memory') } },
    });
    expect((await rest('DELETE', path, { token: admin, body: { reason: 'fixed' } })).status).toBe(200);
    expect((await deploy({ ...deployment, version: '1.2.0' })).status).toBe(201);
  });

  it('to a pinned cluster are refused for other versions, until the pin is lifted', async () => {
    const pin = {
      application: 'catalog',
      account: 'local',
      cluster: 'catalog-staging',
      reason: 'sale',
      by: 'Kim',
    };
    await db.insert(pins).values({ ...pin, digest: DIGEST['1.0.0'], version: '1.0.0' });
    expect(await deploy()).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('pinned to 1.0.0 by Kim') } },
    });
    expect((await deploy({ ...deployment, version: '1.0.0' })).status).toBe(201);
    const lift = await rest('DELETE', '/applications/catalog/clusters/catalog-staging/pin', {
      token: admin,
      body: { reason: 'over' },
    });
    expect(lift.status).toBe(200);
    expect((await deploy()).status).toBe(201);
  });

  it('ask which application is meant when several run the artifact', async () => {
    await rest('PUT', '/applications/twin', { token: admin, body: catalogDefinition('twin') });
    expect(await deploy()).toMatchObject({
      status: 400,
      body: { error: { details: { applications: ['catalog', 'twin'] } } },
    });
    const { body } = await deploy({ ...deployment, application: 'twin' });
    expect((await rest('GET', `/executions/${body.executionId}`, { token: admin })).body.application).toBe(
      'twin',
    );
    expect((await rest('PUT', '/applications/twin', { token: admin, body: { name: 'twin' } })).status).toBe(
      200,
    );
  });
});

describe('pipelines', () => {
  const definition = {
    name: 'shout',
    parameters: [
      { name: 'word', required: true, options: ['hey', 'ho'] },
      { name: 'times', default: '1' },
    ],
    stages: [{ refId: 'wait', type: 'wait', name: 'Wait', config: { seconds: 1 } }],
  };
  const start = (parameters: object) =>
    rest('POST', '/applications/catalog/pipelines/shout/executions', { token: admin, body: { parameters } });

  it('are taken in, raise their revision only when they change, and run with checked parameters', async () => {
    const put = () =>
      rest('PUT', '/applications/catalog/pipelines/shout', { token: admin, body: definition });
    expect((await put()).body).toMatchObject({ revision: 1, changed: true });
    expect((await put()).body).toMatchObject({ revision: 1, changed: false });
    const { body } = await start({ word: 'hey' });
    expect((await rest('GET', `/executions/${body.executionId}`, { token: admin })).body.parameters).toEqual({
      word: 'hey',
      times: '1',
    });
    expect(await start({})).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('word') } },
    });
    expect((await start({ word: 'nope' })).status).toBe(400);
    expect((await start({ word: 'ho', volume: '11' })).status).toBe(400);
  });

  it('that deploy need an artifact to deploy', async () => {
    const path = '/applications/catalog/pipelines/deploy-prod/executions';
    expect((await rest('POST', path, { token: admin, body: {} })).status).toBe(400);
    const artifactList = [{ name: 'catalog', version: '1.1.0' }];
    expect((await rest('POST', path, { token: admin, body: { artifacts: artifactList } })).status).toBe(201);
  });
});

describe('controlling an execution', () => {
  it('cancels once, refuses what its status does not allow, and leaves an audit row for what happened', async () => {
    const { executionId } = (await deploy()).body;
    const control = (verb: string, body: object = {}) =>
      rest('POST', `/executions/${executionId}/${verb}`, { token: admin, body });
    expect((await control('pause')).status).toBe(409);
    await db.update(executions).set({ status: 'running' }).where(eq(executions.id, executionId));
    expect((await control('pause')).status).toBe(200);
    expect((await control('resume')).status).toBe(200);
    expect((await control('cancel', { reason: 'wrong one' })).status).toBe(200);
    expect(await control('cancel')).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('being canceled by') } },
    });
    const entries = await db.select().from(audit).where(eq(audit.subject, executionId)).orderBy(audit.id);
    expect(entries.map((entry) => entry.action)).toEqual([
      'execution.start',
      'execution.pause',
      'execution.resume',
      'execution.cancel',
    ]);
  });
});

describe('artifacts', () => {
  it('are registered once: the same again is fine, other content is refused', async () => {
    const body = { name: 'web', version: '1.0', digest: `sha256:${'d'.repeat(64)}` };
    const register = (more: object = {}) =>
      rest('POST', '/artifacts', { token: admin, body: { ...body, ...more } });
    expect((await register()).body).toMatchObject({ created: true });
    expect((await register()).body).toMatchObject({ created: false });
    expect((await register({ digest: `sha256:${'e'.repeat(64)}` })).status).toBe(409);
    expect((await register({ digest: 'md5:1' })).status).toBe(400);
    const rows = await db.select().from(artifacts).where(eq(artifacts.name, 'web'));
    expect(rows).toHaveLength(1);
  });
});

it('pages through executions without losing or repeating one', async () => {
  const all = (await rest('GET', '/executions?limit=200', { token: admin })).body.items.map(
    (one: { id: string }) => one.id,
  );
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await rest('GET', `/executions?limit=2${cursor ? `&cursor=${cursor}` : ''}`, {
      token: admin,
    });
    seen.push(...body.items.map((one: { id: string }) => one.id));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(all);
  expect((await rest('GET', '/executions?cursor=bm9uc2Vuc2U', { token: admin })).status).toBe(400);
  expect((await rest('GET', '/executions?limit=0', { token: admin })).status).toBe(400);
  const closed = await rest('GET', '/executions?open=false', { token: admin });
  expect(closed.body.items).toEqual([]);
});

it('answers every read in the shape that the OpenAPI document promises, and never with a secret', async () => {
  const { executionId } = (await deploy({ ...deployment, environment: 'prod' })).body;
  await openGate(world, executionId);
  await seedCanaryConfig(world, 'deploy-prod');
  await seedAnalysis(world, { id: executionId, executionId });
  await seedToggle(world, 'badge', executionId);
  await db.insert(accounts).values({ name: 'deploy-prod', provider: 'local', config: {} });
  // Of the platform only the log is asked.
  vi.spyOn(localProvider, 'load').mockResolvedValue({ readLog: async () => 'ready' } as unknown as Provider);
  const values: Record<string, string> = {
    key: 'badge',
    environment: 'prod',
    app: 'catalog',
    cluster: 'catalog-prod',
    name: 'deploy-prod',
    id: executionId,
    refId: 'approve',
    serverGroup: 'catalog-prod-v001',
  };
  const hashes = (await db.select({ hash: apiTokens.tokenHash }).from(apiTokens)).map((row) => row.hash);
  for (const route of routes.filter((one) => one.method === 'GET')) {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
    const answer = await rest('GET', path, { token: admin });
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    expect({ path, problem: route.output.safeParse(answer.body).error?.issues }).toEqual({
      path,
      problem: undefined,
    });
    const text = JSON.stringify(answer.body);
    for (const secret of [CANARY, admin, ...hashes]) expect(text).not.toContain(secret);
  }
});

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument('http://localhost:3000')));

  it('has every door, each with its own operation id', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path as object).map((one) => one.operationId),
    );
    expect(ids).toHaveLength(routes.length + 2);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the doors that the design has fixed', () => {
    const fixed = [
      'post /api/v1/deployments',
      'post /api/v1/applications/{app}/pipelines/{name}/executions',
      'get /api/v1/executions/{id}',
      'post /api/v1/executions/{id}/stages/{refId}/judgment',
      'post /api/v1/executions/{id}/cancel',
      'post /api/v1/executions/{id}/pause',
      'post /api/v1/executions/{id}/resume',
      'get /api/v1/applications/{app}/clusters',
      'post /api/v1/applications/{app}/clusters/{cluster}/rollback',
      'get /api/health',
      'get /api/health/live',
    ];
    for (const door of fixed) {
      const [method = '', path = ''] = door.split(' ');
      expect(document.paths[path]?.[method], door).toBeDefined();
    }
  });

  it('describes the parameters and the body of a request', () => {
    const judgment = document.paths['/api/v1/executions/{id}/stages/{refId}/judgment'].post;
    expect(judgment.parameters.map((one: { name: string }) => one.name)).toEqual(['id', 'refId']);
    const { schema } = judgment.requestBody.content['application/json'];
    expect(schema).toMatchObject({
      required: ['decision'],
      properties: { decision: { enum: ['continue', 'stop'] } },
    });
  });
});

it('keeps the same version as the package', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8'));
  expect(openApiDocument('http://x').info).toMatchObject({ version: manifest.version });
});
