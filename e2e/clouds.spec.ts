import { randomBytes } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Stack, startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { packExample } from '@/e2e/support/application';
import { AWS_KEYS, AWS_REGION, type Clouds, findClouds, NAMESPACE, startClouds } from '@/e2e/support/clouds';
import { signIn } from '@/e2e/support/sign-in';

/** One application on three clouds at once, with one pipeline and one rollback. */

const APP = 'shop';
const ENVIRONMENTS = ['edge', 'core', 'vms'] as const;
const found = findClouds();
if ('missing' in found) {
  // Once, and not again in each process that reads this file.
  if (process.env.TEST_WORKER_INDEX === undefined)
    process.stdout.write(`one application on three clouds: not tested, because ${found.missing}\n`);
} else {
  threeClouds(found.controlPlane);
}

function threeClouds(controlPlane: string): void {
  // The second goes on from what the first leaves.
  test.describe.configure({ mode: 'serial', timeout: 150_000 });
  let clouds: Clouds;
  let stack: Stack;
  let api: Api;
  test.beforeAll(async () => {
    [clouds, stack] = await Promise.all([
      startClouds(controlPlane),
      startStack({ demo: false, env: AWS_KEYS }),
    ]);
    api = await Api.ofCliFile(stack.cliFile);
    await setUp(api, clouds);
  });
  test.afterAll(async () => {
    await stack?.stop();
    await clouds?.stop();
  });

  const on = (version: 'v000' | 'v001') => ENVIRONMENTS.map((name) => [`${APP}-${name}-${version}`]);
  /** What serves, as each platform itself says. */
  const serving = async () => [
    await localServing(api),
    await clouds.kubernetes.serving(`${APP}-core`),
    await clouds.aws.serving(`${APP}-vms`),
  ];

  test('one pipeline delivers to all in order, and one rollback takes it back from all', async ({ page }) => {
    await signIn(page, stack.url, 'admin', stack.adminPassword ?? '');
    await finish(api, await release(api, '1.0.0'));
    expect(await serving()).toEqual(on('v000'));

    await page.goto(`${stack.url}/applications/${APP}`);
    for (const [name, platform] of [
      ['edge', 'Local cloud'],
      ['core', 'Kubernetes'],
      ['vms', 'AWS'],
    ]) {
      const card = page.getByRole('region', { name: `${APP}-${name}`, exact: true });
      await expect(card).toContainText(platform ?? '');
      await expect(card).toContainText('1.0.0');
    }
    const cards = page.locator('main').getByRole('region', { name: new RegExp(`^${APP}-[a-z]+$`) });
    await expect(cards).toHaveCount(3);

    await run(page, stack, '1.1.0');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('release');
    await expect(page.locator('main header').first().getByText('Succeeded')).toBeVisible({ timeout: 60_000 });
    expect(await serving()).toEqual(on('v001'));
    const delivered = page.url().split('/').at(-1)?.split('?')[0] ?? '';
    const { stages } = await api.execution(delivered);
    const [edge, core, vms] = ENVIRONMENTS.map((name) => stages.find(({ refId }) => refId === name));
    expect((core?.startedAt ?? '') >= (edge?.endedAt ?? 'never')).toBe(true);
    expect((vms?.startedAt ?? '') >= (core?.endedAt ?? 'never')).toBe(true);

    await rollBackEverywhere(page, 'checkout is slow');
    await expect(page.locator('main header').first().getByText('Succeeded')).toBeVisible({ timeout: 60_000 });
    expect(await serving()).toEqual(on('v000'));
    const { clusters } = await api.clusters(APP);
    expect(clusters.map(({ pin }) => [pin?.version, pin?.reason])).toEqual(
      ENVIRONMENTS.map(() => ['1.0.0', 'checkout is slow']),
    );
    const again = await api.send('POST', '/api/v1/deployments', {
      artifact: `${APP}.ami`,
      environment: 'vms',
      version: '1.1.0',
    });
    expect(again.status, JSON.stringify(again.body)).toBe(409);
  });

  test('a cloud that is away holds up only its own part of a rollback, and is named', async ({ page }) => {
    await signIn(page, stack.url, 'admin', stack.adminPassword ?? '');
    await forgive(api);
    await finish(api, await release(api, '1.1.0'));
    const newest = (await serving()).map(([name]) => name);
    expect(newest.map((name) => name?.slice(-4))).toEqual(['v002', 'v002', 'v002']);

    await page.goto(`${stack.url}/applications/${APP}`);
    clouds.aws.proxy.away(true);
    await rollBackEverywhere(page, 'prices are wrong');
    await expect
      .poll(async () => (await serving()).map(([name]) => newest.includes(name ?? '')), { timeout: 30_000 })
      .toEqual([false, false, true]);
    const id = page.url().split('/').at(-1)?.split('?')[0] ?? '';
    await expect
      .poll(async () =>
        (await api.execution(id)).waitingFor.map(({ refId, kind }) => [refId?.split('/')[0], kind]),
      )
      .toEqual([['vms', 'platform']]);
    await expect(page.locator('main')).toContainText('shop-vms');
    clouds.aws.proxy.away(false);
    await expect(page.locator('main header').first().getByText('Succeeded')).toBeVisible({ timeout: 60_000 });
    expect((await serving()).flat().some((name) => newest.includes(name))).toBe(false);
  });
}

/** Accounts, the forms of two versions, and the application. */
async function setUp(api: Api, clouds: Clouds): Promise<void> {
  const account = (name: string, provider: string, config: object) =>
    api.must('PUT', `/api/v1/accounts/${name}`, { provider, config });
  await account('cluster', 'kubernetes', clouds.kubernetes.config);
  await account('cloud', 'aws', clouds.aws.config);
  for (const version of ['1.0.0', '1.1.0']) {
    const response = await fetch(`${api.url}/api/v1/artifacts/${APP}/${version}`, {
      method: 'PUT',
      headers: { ...api.authorization(), 'content-type': 'application/gzip' },
      body: new Uint8Array(await packExample(version, APP)),
    });
    expect(response.ok).toBe(true);
    const form = (suffix: string) => ({
      name: `${APP}.${suffix}`,
      version,
      digest: `sha256:${randomBytes(32).toString('hex')}`,
    });
    const machineImage = form('ami');
    await clouds.aws.addImage(machineImage);
    for (const one of [form('image'), machineImage]) await api.must('POST', '/api/v1/artifacts', one);
  }
  await api.must('PUT', `/api/v1/applications/${APP}`, definition());
}

function definition() {
  const place = (name: string, order: number, account: string, region: string, artifact: string) => ({
    name,
    order,
    account,
    regions: [region],
    capacity: { min: 1, desired: 2, max: 4 },
    artifact,
    pipeline: 'release',
  });
  const deploy = (environment: string, requires: string[]) => ({
    refId: environment,
    type: 'deploy',
    name: `Deploy to ${environment}`,
    requires,
    config: { environment, strategy: 'redblack', options: {} },
  });
  return {
    name: APP,
    environments: [
      place('edge', 1, 'local', 'eu', APP),
      place('core', 2, 'cluster', NAMESPACE, `${APP}.image`),
      place('vms', 3, 'cloud', AWS_REGION, `${APP}.ami`),
    ],
    pipelines: [
      { name: 'release', stages: [deploy('edge', []), deploy('core', ['edge']), deploy('vms', ['core'])] },
    ],
  };
}

async function release(api: Api, version: string): Promise<string> {
  const { executionId } = await api.must<{ executionId: string }>(
    'POST',
    `/api/v1/applications/${APP}/pipelines/release/executions`,
    { parameters: {}, artifacts: [{ name: APP, version }] },
  );
  return executionId;
}

async function finish(api: Api, id: string): Promise<void> {
  await expect
    .poll(async () => (await api.execution(id)).status, { timeout: 60_000, intervals: [200] })
    .not.toMatch(/pending|running/);
  const execution = await api.execution(id);
  expect(execution.status, JSON.stringify(execution)).toBe('succeeded');
}

/** Server groups whose version the local load balancer really answers. */
async function localServing(api: Api): Promise<string[]> {
  const { clusters } = await api.clusters(APP);
  const [region] = clusters.find(({ environment }) => environment === 'edge')?.regions ?? [];
  const url = region?.loadBalancers[0]?.url ?? '';
  const response = await fetch(`${url}/version`);
  await response.arrayBuffer();
  const servedBy = response.headers.get('x-served-by') ?? '';
  return (region?.serverGroups ?? []).map(({ name }) => name).filter((name) => servedBy.startsWith(name));
}

/** As a person starts a pipeline; the page is then that of the execution. */
async function run(page: Page, stack: Stack, version: string): Promise<void> {
  await page.goto(`${stack.url}/applications/${APP}?tab=pipelines`);
  await page.getByRole('button', { name: /^Run/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Version' }).click();
  await page.getByRole('option', { name: version }).click();
  await dialog.getByRole('button', { name: /^Run/ }).click();
  await expect(page).toHaveURL(/\/executions\//);
}

async function rollBackEverywhere(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Roll back everywhere…' }).click();
  const dialog = page.getByRole('dialog');
  for (const name of ENVIRONMENTS)
    await expect(dialog.getByRole('region', { name, exact: true })).toContainText('1.0.0');
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await dialog.getByLabel('Why?').fill(reason);
  const before = page.url();
  await dialog.getByRole('button', { name: 'Roll back 3 environments now' }).click();
  await expect(page).not.toHaveURL(before);
  await expect(page).toHaveURL(/\/executions\//);
}

/** Lifts what the rollback before has set. */
async function forgive(api: Api): Promise<void> {
  const reason = 'it was the database';
  const { clusters } = await api.clusters(APP);
  for (const { name, account } of clusters)
    await api.must('DELETE', `/api/v1/applications/${APP}/clusters/${name}/pin`, { reason, account });
  for (const name of [APP, `${APP}.image`, `${APP}.ami`])
    await api.must('DELETE', `/api/v1/artifacts/${name}/1.1.0/veto`, { reason });
}
