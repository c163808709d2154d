import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedAnalysis } from '@/server/services/testing/canary-analyses';
import { canaryConfig } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { ALL, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const token = await world.token(ALL, 'admin');
const rest = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  world.rest(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
const configs = '/applications/catalog/canary-configs';
const scopes = { baseline: { scope: 'a' }, canary: { scope: 'b' } };
const past = { startTime: '2026-01-01T00:00:00Z', endTime: '2026-01-01T09:00:00+08:00' };
let server: MetricsServer;

beforeAll(async () => {
  server = await startMetricsServer();
  const body = { kind: 'prometheus', config: { url: server.url, tokenSecret: METRICS_TOKEN } };
  await rest('PUT', '/metrics-sources/prom', body);
});
afterAll(() => server.stop());

describe('metrics sources', () => {
  it('are listed without their secrets and can be checked', async () => {
    const { body } = await rest('GET', '/metrics-sources');
    expect(body.items).toMatchObject([{ name: 'prom', kind: 'prometheus', secrets: ['tokenSecret'] }]);
    expect(JSON.stringify(body)).not.toContain(METRICS_TOKEN);
    expect(await rest('POST', '/metrics-sources/prom/check')).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect((await rest('POST', '/metrics-sources/ghost/check')).status).toBe(404);
  });

  it('can be added and taken away', async () => {
    await rest('PUT', '/metrics-sources/spare', { kind: 'local', config: {} });
    expect(await rest('DELETE', '/metrics-sources/spare')).toMatchObject({ status: 200, body: { ok: true } });
    expect((await rest('DELETE', '/metrics-sources/spare')).status).toBe(404);
    expect((await rest('PUT', '/metrics-sources/Spare', { kind: 'local' })).status).toBe(400);
    expect((await rest('PUT', '/metrics-sources/spare', { kind: 'nothing' })).status).toBe(422);
  });
});

describe('canary configurations', () => {
  it('can be put, read, exported and deleted', async () => {
    const body = { source: 'prom', config: canaryConfig() };
    expect(await rest('PUT', `${configs}/golden`, body)).toMatchObject({
      status: 200,
      body: { revision: 1 },
    });
    expect(await rest('PUT', `${configs}/golden`, body)).toMatchObject({ body: { changed: false } });
    expect(await rest('PUT', `${configs}/golden`, { ...body, revision: null })).toMatchObject({
      status: 409,
    });
    expect((await rest('GET', configs)).body.items).toMatchObject([{ name: 'golden', metrics: 1 }]);
    expect((await rest('GET', `${configs}/golden`)).body.config.metrics).toHaveLength(1);
    expect((await rest('GET', `${configs}/golden/kayenta`)).body).toEqual(canaryConfig());
    expect(await rest('PUT', `${configs}/golden`, { source: 'prom', config: {} })).toMatchObject({
      status: 400,
      body: {
        error: { details: { issues: expect.arrayContaining([expect.objectContaining({ path: 'name' })]) } },
      },
    });
    expect((await rest('DELETE', `${configs}/golden`)).status).toBe(200);
    expect((await rest('GET', `${configs}/golden`)).status).toBe(404);
  });

  it('of Kayenta can be tried and brought in', async () => {
    const document = { ...canaryConfig(), name: 'From Kayenta', mood: null };
    const path = `${configs}/import-kayenta`;
    const tried = await rest('POST', path, { source: 'prom', document, dryRun: true });
    expect(tried).toMatchObject({ status: 200, body: { name: 'from-kayenta', written: null } });
    expect((await rest('GET', configs)).body.items).toEqual([]);
    const done = await rest('POST', path, { source: 'prom', document });
    expect(done.body).toMatchObject({ name: 'from-kayenta', written: { revision: 1, changed: true } });
    expect((await rest('GET', `${configs}/from-kayenta/kayenta`)).body).toEqual(document);
    const foreign = { name: 'x', metrics: [{ name: 'm', query: { type: 'datadog' } }] };
    expect(await rest('POST', path, { source: 'prom', document: foreign })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('metrics.0.query.type') } },
    });
  });
});

describe('canary analyses', () => {
  it('are started once for a key, listed and reported in sentences', async () => {
    await rest('PUT', `${configs}/golden`, { source: 'prom', config: canaryConfig() });
    const analyses = '/applications/catalog/canary-analyses';
    const body = { config: 'golden', scopes, ...past };
    const started = await rest('POST', analyses, body, { 'idempotency-key': 'k' });
    expect(started.status).toBe(201);
    expect((await rest('POST', analyses, body, { 'idempotency-key': 'k' })).body).toEqual(started.body);
    const id = await seedAnalysis(world, { executionId: started.body.executionId });
    const sentence = expect.stringContaining('latency');
    expect((await rest('GET', `${analyses}?status=running&limit=1`)).body).toMatchObject({
      items: [{ id, sentence, looks: 2, plannedLooks: 6 }],
      nextCursor: null,
    });
    expect((await rest('GET', `${analyses}?status=passed`)).body.items).toEqual([]);
    expect((await rest('GET', `${analyses}?limit=x`)).status).toBe(400);
    const report = await rest('GET', `/canary-analyses/${id}`);
    expect(report.body).toMatchObject({
      history: [{ number: 1, sentence }, { number: 2 }],
      shown: { number: 2, judgement: { results: [{ sentence }] }, measurements: [{ name: 'latency' }] },
    });
    expect(report.body.shown.measurements[0].baseline.slice(0, 2)).toEqual([null, 1.02]);
    expect((await rest('GET', `/canary-analyses/${id}?look=1`)).body.shown).toMatchObject({ number: 1 });
    expect(
      (await rest('GET', `/canary-analyses/${id}?measurements=false`)).body.shown.measurements,
    ).toBeNull();
    expect((await rest('GET', `/canary-analyses/${id}?look=7`)).status).toBe(404);
  });

  it('are refused for times that are none', async () => {
    const body = { config: 'golden', scopes, ...past, endTime: 'now' };
    expect(await rest('POST', '/applications/catalog/canary-analyses', body)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('endTime') } },
    });
  });
});

it('need the scope that the OpenAPI document says', async () => {
  const reader = await world.token(['read'], 'admin');
  const ask = (method: string, path: string) => world.rest(method, path, { token: reader, body: {} });
  expect((await ask('PUT', '/metrics-sources/x')).body.error.details.permission).toBe('integration.write');
  expect((await ask('PUT', `${configs}/x`)).body.error.details.permission).toBe('pipeline.write');
  const start = await ask('POST', '/applications/catalog/canary-analyses');
  expect(start.body.error.details.permission).toBe('execution.start');
});
