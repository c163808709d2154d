import { AxeBuilder } from '@axe-core/playwright';
import type { Api } from '@/e2e/support/api';
import { expect, test } from '@/e2e/support/fixtures';
import { settled } from '@/e2e/support/settled';
import { isComplete } from '@/server/domain/status';
import type { AnalysisSummary } from '@/server/domain/views/canary';

const WINDOW_MS = 20_000;

/** Compares what serves the example's prod in its two regions, over the last moments. */
async function analysed(api: Api): Promise<AnalysisSummary> {
  const serving = async (location: string) => {
    const { clusters } = await api.clusters();
    const regions = clusters.find(({ name }) => name === 'catalog-prod')?.regions ?? [];
    const group = regions
      .find(({ region }) => region === location)
      ?.serverGroups.find(({ traffic }) => traffic > 0);
    if (!group) throw new Error(`nothing serves prod in ${location}`);
    return {
      scope: { scope: group.name, location, version: group.artifact.version },
      age: Date.now() - Date.parse(group.createdAt),
    };
  };
  // A window from before there was anything to measure would hold nothing.
  await expect
    .poll(async () => (await serving('us')).age, { timeout: 60_000 })
    .toBeGreaterThan(WINDOW_MS + 10_000);
  const end = Math.floor(Date.now() / 1_000) * 1_000 - 2_000;
  const { executionId } = await api.must<{ executionId: string }>(
    'POST',
    '/api/v1/applications/catalog/canary-analyses',
    {
      config: 'golden-signals',
      scopes: { baseline: (await serving('eu')).scope, canary: (await serving('us')).scope },
      startTime: new Date(end - WINDOW_MS).toISOString(),
      endTime: new Date(end).toISOString(),
      stepSeconds: 1,
      intervalSeconds: 10,
      passScore: 95,
      marginalScore: 50,
    },
  );
  const find = async () => {
    const { items } = await api.must<{ items: AnalysisSummary[] }>(
      'GET',
      `/api/v1/applications/catalog/canary-analyses?executionId=${executionId}`,
    );
    return items[0];
  };
  await expect.poll(async () => (await find())?.looks, { timeout: 30_000 }).toBe(2);
  const found = await find();
  if (!found) throw new Error('the analysis is gone');
  const { status } = await api.execution(executionId);
  if (!isComplete(status)) await api.must('POST', `/api/v1/executions/${executionId}/cancel`, {});
  return found;
}

test('a report shows its metrics, opens them by keyboard, and says in words what it draws', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  test.setTimeout(150_000);
  const { id } = await analysed(api);
  await page.goto(`${stack.url}/applications/catalog/canaries`);
  await page.locator(`a[href$="/canaries/${id}"]`).click();
  const metric = page.getByRole('button', { name: /requests per second/ });
  await expect(metric).toHaveAttribute('aria-expanded', 'false');
  await metric.focus();
  await page.keyboard.press('Enter');
  await expect(metric).toHaveAttribute('aria-expanded', 'true');

  const opened = page.getByRole('listitem').filter({ has: metric });
  await expect(opened.getByText('What was asked')).toBeVisible();
  await expect(opened.locator('.recharts-line-curve')).toHaveCount(2);
  await opened.getByRole('button', { name: 'As a table' }).click();
  await expect(opened.getByRole('row')).toHaveCount(1 + WINDOW_MS / 1_000 + 3);

  await page.getByRole('button', { name: /^Look 1:/ }).click();
  await expect(page).toHaveURL(/look=1/);
  await expect(page.getByText('You see look 1 as it was then.')).toBeVisible();
  // Its points are kept with the second look, which holds them too.
  await expect(opened.getByRole('row')).toHaveCount(1 + WINDOW_MS / 1_000 + 3);
  await page.getByRole('button', { name: 'Show the latest' }).click();
  await expect(page).not.toHaveURL(/look=/);
});

test('axe finds no serious fault in the list of analyses and in a report', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  test.setTimeout(150_000);
  const { id } = await analysed(api);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of ['?tab=canaries', `/canaries/${id}`]) {
      await page.goto(`${stack.url}/applications/catalog${path}`);
      await settled(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      expect(
        serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`),
        `${path}, ${colorScheme}`,
      ).toEqual([]);
    }
  }
});
