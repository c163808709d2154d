import { mkdirSync } from 'node:fs';
import { chromium, expect, type Page } from '@playwright/test';
import { browserLaunchOptions } from '@/e2e/browser';
import { startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { settled } from '@/e2e/support/settled';
import { signIn } from '@/e2e/support/sign-in';

const FOLDER = 'e2e/pictures';

/**
 * Takes the README's pictures from the running example: `npm run pictures`. Staging has 1.1.0, prod
 * runs 1.0.0 and waits at its gate for 1.1.0.
 */
async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const stack = await startStack({ demo: true });
  const browser = await chromium.launch(await browserLaunchOptions());
  try {
    const api = await Api.ofCliFile(stack.cliFile);
    const start = (environment: string) =>
      api.must<{ executionId: string }>('POST', '/api/v1/deployments', {
        artifact: 'catalog',
        environment,
        version: '1.1.0',
      });
    const staging = await start('staging');
    await expect.poll(async () => (await api.execution(staging.executionId)).status).toBe('succeeded');
    const prod = await start('prod');
    await expect
      .poll(async () => (await api.execution(prod.executionId)).waitingFor.length)
      .toBeGreaterThan(0);

    const wide = await browser.newPage({ viewport: { width: 1280, height: 720 }, locale: 'en-US' });
    await signIn(wide, stack.url, 'admin', stack.adminPassword ?? '');
    await take(wide, `${stack.url}/`, 'board');
    await take(wide, `${stack.url}/executions/${prod.executionId}`, 'gate');
    await take(wide, `${stack.url}/applications/catalog`, 'clusters');
    await wide.goto(`${stack.url}/applications/catalog/pipelines/promote/edit`);
    await wide.locator('.react-flow__node', { hasText: 'Canary into prod' }).click();
    await snap(wide, 'editor');
    await take(wide, `${stack.url}/features/price-badge`, 'feature');
    await badCanary(wide, api, stack.url);
    await wide.emulateMedia({ colorScheme: 'dark' });
    await take(wide, `${stack.url}/applications/catalog`, 'clusters-dark');
  } finally {
    await browser.close();
    await stack.stop();
  }
}

/** 1.2.0 reaches prod and is found out. */
async function badCanary(page: Page, api: Api, url: string): Promise<void> {
  const { executionId } = await api.must<{ executionId: string }>('POST', '/api/v1/deployments', {
    artifact: 'catalog',
    environment: 'prod',
    version: '1.2.0',
  });
  await expect
    .poll(async () => (await api.execution(executionId)).waitingFor.map(({ kind }) => kind))
    .toContain('person');
  await api.judge(executionId, 'approve', 'continue');
  await expect
    .poll(async () => (await api.execution(executionId)).status, { timeout: 120_000 })
    .toBe('failed');
  const { items } = await api.must<{ items: { id: string }[] }>(
    'GET',
    `/api/v1/applications/catalog/canary-analyses?executionId=${executionId}`,
  );
  await take(page, `${url}/applications/catalog/canaries/${items[0]?.id}`, 'canary');
}

async function take(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await snap(page, name);
}

async function snap(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}

await main();
