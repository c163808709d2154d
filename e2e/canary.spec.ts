import type { Page } from '@playwright/test';
import type { Api } from '@/e2e/support/api';
import { figure } from '@/e2e/support/figure';
import { expect, test } from '@/e2e/support/fixtures';
import { SteadyClient } from '@/e2e/support/steady-client';
import { isComplete } from '@/server/domain/status';
import type { ClustersView } from '@/server/domain/views/application';
import type { AnalysisReport, AnalysisSummary } from '@/server/domain/views/canary';

/** The example's own pipeline into prod, as a newcomer meets it. It ends where it began, with 1.0.0. */

const CANARY_SHARE = 0.2;

async function deployToProd(page: Page, api: Api, url: string, version: string): Promise<string> {
  const { executionId } = await api.must<{ executionId: string }>('POST', '/api/v1/deployments', {
    artifact: 'catalog',
    environment: 'prod',
    version,
  });
  await page.goto(`${url}/executions/${executionId}`);
  await page.getByRole('button', { name: /^Continue/ }).click();
  return executionId;
}

async function ended(api: Api, executionId: string): Promise<string> {
  await expect
    .poll(async () => isComplete((await api.execution(executionId)).status), { timeout: 150_000 })
    .toBe(true);
  return (await api.execution(executionId)).status;
}

async function analysesOf(api: Api, executionId: string): Promise<AnalysisReport[]> {
  const { items } = await api.must<{ items: AnalysisSummary[] }>(
    'GET',
    `/api/v1/applications/catalog/canary-analyses?executionId=${executionId}`,
  );
  return Promise.all(items.map(({ id }) => api.must<AnalysisReport>('GET', `/api/v1/canary-analyses/${id}`)));
}

/** Version, whether in traffic, of every group in prod. */
async function inProd(api: Api): Promise<string[]> {
  const view: ClustersView = await api.clusters('catalog');
  const cluster = view.clusters.find(({ name }) => name === 'catalog-prod');
  const groups = (cluster?.regions ?? []).flatMap((region) => region.serverGroups);
  return groups.map((group) => `${group.region} ${group.artifact.version} ${group.traffic}`).sort();
}

async function prodUrls(api: Api): Promise<string[]> {
  const view = await api.clusters('catalog');
  const cluster = view.clusters.find(({ name }) => name === 'catalog-prod');
  return (cluster?.regions ?? []).flatMap(({ loadBalancers }) =>
    loadBalancers.flatMap(({ url }) => url ?? []),
  );
}

test('1.2.0 is caught by its metrics and undone while one watches', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  test.setTimeout(240_000);
  await expect.poll(() => inProd(api), { timeout: 60_000 }).toEqual(['eu 1.0.0 1', 'us 1.0.0 1']);
  const client = new SteadyClient(await prodUrls(api));
  const id = await deployToProd(page, api, stack.url, '1.2.0');

  await expect(page.getByText('Compare 1.2.0 with 1.0.0 in eu').first()).toBeVisible();
  expect(await ended(api, id)).toBe('failed');
  const backAt = Date.now();
  await expect.poll(() => inProd(api), { timeout: 30_000 }).toEqual(['eu 1.0.0 1', 'us 1.0.0 1']);
  await expect.poll(() => client.seen.filter(({ at }) => at > backAt).length).toBeGreaterThan(100);
  await client.stop();

  const bad = client.seen.filter(({ version }) => version === '1.2.0');
  // What failed is the canary's: the stable version answers everything.
  const reached = bad.length + client.failures.length;
  expect(bad.length).toBeGreaterThan(0);
  expect(reached / (client.seen.length + client.failures.length)).toBeLessThan(CANARY_SHARE);
  expect(client.failures.filter((failure) => !failure.startsWith('500'))).toEqual([]);

  const reports = await analysesOf(api, id);
  const failed = reports.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  const worst = failed
    .flatMap(({ shown }) => shown?.judgement.results ?? [])
    .filter((one) => one.classification === 'High');
  // Whichever is certain first ends it; traffic is the same on both sides.
  expect(worst.length).toBeGreaterThan(0);
  expect(worst.map(({ name }) => name)).not.toContain('requests per second');
  const verdicts = failed.map(({ endedAt }) => Date.parse(endedAt ?? ''));
  figure(
    'bad canary',
    `last answer of it ${client.settledAfter(Math.min(...verdicts), '1.0.0')} ms after the verdict, ${((100 * reached) / (client.seen.length + client.failures.length)).toFixed(1)} % of requests reached it`,
  );

  await page.goto(`${stack.url}/applications/catalog/canaries/${failed[0]?.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(worst[0]?.name ?? '').first()).toBeVisible();
});

test('1.1.0 passes and takes over', async ({ page, stack, api, signedIn: _ }) => {
  test.setTimeout(240_000);
  const before = Date.now();
  const id = await deployToProd(page, api, stack.url, '1.1.0');
  expect(await ended(api, id)).toBe('succeeded');
  figure('good canary', `in prod, both regions, after ${Math.round((Date.now() - before) / 1_000)} s`);
  await expect
    .poll(() => inProd(api), { timeout: 30_000 })
    .toEqual(['eu 1.0.0 0', 'eu 1.1.0 1', 'us 1.0.0 0', 'us 1.1.0 1']);
  expect((await analysesOf(api, id)).map(({ status }) => status)).toEqual(['passed', 'passed']);
  await page.goto(`${stack.url}/applications/catalog/canaries`);
  await expect(page.getByRole('link', { name: /1\.1\.0/ }).first()).toBeVisible();
});
