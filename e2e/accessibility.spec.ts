import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';
import { settled } from '@/e2e/support/settled';

/** Waits until the page shows its data, and finds no serious fault in it. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  expect(
    serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`),
    where,
  ).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds no serious fault on any page, ${colorScheme}`, async ({
    page,
    stack,
    api,
    signedIn: _,
  }) => {
    // Some thirty pages, each looked through whole.
    test.setTimeout(300_000);
    const app = await TestApplication.create(api, { environments: ['prod'] });
    const id = await app.deploy('prod', '1.1.0');
    await app.atGate(id);
    await page.emulateMedia({ colorScheme });
    const pages = [
      '/',
      '/applications',
      `/applications/${app.name}`,
      ...['load-balancers', 'firewalls', 'pipelines', 'canaries', 'history', 'environments'].map(
        (tab) => `/applications/${app.name}?tab=${tab}`,
      ),
      `/applications/${app.name}/pipelines/deploy-prod`,
      `/applications/${app.name}/pipelines/deploy-prod?tab=history`,
      `/applications/${app.name}/new-pipeline`,
      ...['stages', 'parameters', 'triggers', 'rules', 'json', 'diff'].map(
        (tab) => `/applications/${app.name}/pipelines/deploy-prod/edit?tab=${tab}`,
      ),
      `/executions/${id}`,
      '/executions',
      '/waiting',
      '/features',
      '/features/price-badge',
      '/activity',
      '/activity?tab=delivery',
      '/activity?tab=audit',
      '/artifacts',
      ...['people', 'tokens', 'account', 'accounts', 'catalogue', 'about'].map(
        (tab) => `/settings?tab=${tab}`,
      ),
      '/no-such-page',
    ];
    for (const path of pages) {
      await page.goto(`${stack.url}${path}`);
      await expectAccessible(page, path);
    }
    await api.judge(id, 'approve', 'stop');
  });
}

test('axe finds no serious fault on the sign-in page', async ({ page, stack }) => {
  await page.goto(`${stack.url}/signin`);
  await expectAccessible(page, '/signin');
});
