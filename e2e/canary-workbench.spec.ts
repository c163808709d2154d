import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { SharedStack } from '@/e2e/stack';
import type { Api } from '@/e2e/support/api';
import { expect, test } from '@/e2e/support/fixtures';
import { settled } from '@/e2e/support/settled';
import { signIn } from '@/e2e/support/sign-in';
import type { MetricsSourceView } from '@/server/domain/views/canary';

const CONFIGS = '/applications/catalog/canaries/configs';

function fresh(what: string): string {
  return `${what}-${randomBytes(3).toString('hex')}`;
}

/** A source on the local cloud and a configuration that asks it, as a machine would bring them. */
async function given(api: Api): Promise<{ source: string; name: string }> {
  const [source, name] = [fresh('local'), fresh('config')];
  await api.must('PUT', `/api/v1/metrics-sources/${source}`, { kind: 'local', config: {} });
  await save(api, name, source, 'as it came');
  return { source, name };
}

function save(api: Api, name: string, source: string, description: string): Promise<unknown> {
  return api.must('PUT', `/api/v1/applications/catalog/canary-configs/${name}`, {
    source,
    config: {
      name,
      description,
      metrics: [{ name: 'p99', query: { type: 'local', metric: 'latency' }, groups: ['Latency'] }],
      classifier: { groupWeights: { Latency: 100 } },
    },
  });
}

/** The server group that takes the example's traffic in staging. */
async function side(page: Page, name: 'Baseline' | 'Canary'): Promise<void> {
  const group = page.getByRole('group', { name: new RegExp(`^${name}`) });
  await group.getByLabel('Server group').fill('catalog-staging-v000');
  await group.getByLabel('Region').fill('eu');
}

test('an admin adds a metrics source after testing it, and cannot remove it while it is used', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const name = fresh('cloud');
  await page.goto(`${stack.url}/settings?tab=metrics`);
  await page.getByRole('button', { name: 'Add a source…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save the source' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Lower-case letters');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Local cloud' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByRole('status').filter({ hasText: /It answers, in \d+ ms/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Save the source' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('nothing');

  const config = fresh('config');
  await save(api, config, name, '');
  await expect(row).toContainText('1 configuration');
  await row.getByRole('button', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove the source' }).click();
  await expect(dialog.getByRole('alert')).toContainText(`canary configuration "${config}" of catalog`);
});

test('a secret of a source is never shown again, and stays when its field is left empty', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const name = fresh('prom');
  const secret = fresh('hush');
  await page.goto(`${stack.url}/settings?tab=metrics`);
  await page.getByRole('button', { name: 'Add a source…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Prometheus' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByLabel('Address').fill('ftp://nowhere');
  await dialog.getByLabel('Token').fill(secret);
  await dialog.getByRole('button', { name: 'Save the source' }).click();
  await expect(dialog.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
  // Nothing listens there: it is the form that is tried.
  await dialog.getByLabel('Address').fill('http://127.0.0.1:1');
  await dialog.getByRole('button', { name: 'Save the source' }).click();
  await expect(dialog).toBeHidden();

  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name: 'Test connection' }).click();
  await expect(row.getByRole('status')).toContainText('cannot be reached');
  await row.getByRole('button', { name: 'Edit…' }).click();
  await expect(dialog.getByLabel('Token')).toHaveValue('');
  await expect(dialog).toContainText('It is set. Leave it empty to keep it.');
  await dialog.getByLabel('Tenant').fill('blue');
  await dialog.getByRole('button', { name: 'Save the source' }).click();
  await expect(dialog).toBeHidden();
  const sources = await api.must<{ items: MetricsSourceView[] }>('GET', '/api/v1/metrics-sources');
  expect(sources.items.find((one) => one.name === name)).toMatchObject({
    config: { tenant: 'blue' },
    secrets: ['tokenSecret'],
  });
  expect(JSON.stringify(sources)).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
});

test('a configuration is begun with the usual metrics, tried on the past, saved and judged for the record', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { source } = await given(api);
  const name = fresh('written');
  await page.goto(`${stack.url}${CONFIGS}/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('combobox', { name: 'Metrics source' }).click();
  await page.getByRole('option', { name: source }).click();
  await page.getByRole('button', { name: /^Local cloud/ }).click();
  await expect(page.getByRole('heading', { name: '4 metrics' })).toBeVisible();

  await side(page, 'Baseline');
  await side(page, 'Canary');
  await page.getByRole('combobox', { name: 'Window' }).click();
  await page.getByRole('option', { name: 'last 5 min' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const results = page.getByRole('region', { name: 'What came of it' });
  await expect(results).toContainText('score');
  await expect(results.getByRole('figure', { name: /requests per second/ })).toBeVisible();
  // What was asked, literally, of the server group that was named.
  await expect(results).toContainText('requestRate: GET /metrics/range?serverGroup=catalog-staging-v000');
  await expect(results).toContainText('Points used');

  const record = page.getByRole('button', { name: 'Judge for the record' });
  await expect(record).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(`${stack.url}${CONFIGS}/${name}`);
  await expect(record).toHaveAttribute('aria-disabled', 'false');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSON' }).click();
  const file = await (await download).path();
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ name, configVersion: '1' });

  await side(page, 'Baseline');
  await side(page, 'Canary');
  await record.click();
  await expect(page).toHaveURL(/\/executions\//);
  const id = page.url().split('/').at(-1) ?? '';
  await expect.poll(async () => (await api.execution(id)).stages[0]?.type).toBe('canaryAnalysis');
  // The same sides are either well or cannot be told apart; an analysis that waits for a person is not left behind.
  await api.send('POST', `/api/v1/executions/${id}/cancel`);
});

test('the form and the JSON are one, and text that cannot be read is said with its place', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { name } = await given(api);
  await page.goto(`${stack.url}${CONFIGS}/${name}`);
  await page.locator('summary').filter({ hasText: 'p99' }).click();
  await page.getByLabel('Allowed rise').fill('25');
  await page.getByRole('checkbox', { name: /^critical/ }).check();
  await page.getByRole('tab', { name: 'JSON' }).click();
  const text = page.locator('.cm-content');
  await expect(text).toContainText('"allowedIncrease": 1.25');
  await expect(text).toContainText('"critical": true');

  await text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('}');
  await expect(page.getByRole('status').filter({ hasText: /^Line \d+, column \d+/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('button', { name: 'Discard what was typed' }).click();
  await expect(text).toContainText('"allowedIncrease": 1.25');

  // The link out is held while there is something to lose.
  await page.getByRole('link', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toContainText('Leave without saving?');
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page).toHaveURL(new RegExp(`${CONFIGS}/${name}`));
});

test('what is wrong is said at its field, and whoever saves second is told who was first', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { source, name } = await given(api);
  await page.goto(`${stack.url}${CONFIGS}/${name}`);
  await page.getByRole('button', { name: 'Add a metric' }).click();
  const problems = page.getByRole('region', { name: 'Problems' });
  await problems.getByRole('button', { name: /new metric › Metric/ }).click();
  await expect(page.getByRole('combobox', { name: /^Metric \(/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'requests per second' }).click();
  await expect(page.getByText('Nothing keeps it from being saved.').first()).toBeAttached();

  await save(api, name, source, 'by somebody else');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Someone else saved this configuration first');
  await expect(dialog).toContainText('revision 2');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('revision 3')).toBeVisible();
});

test('a configuration of Kayenta is taken with notes on what is different here', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  await given(api);
  await page.goto(`${stack.url}${CONFIGS}`);
  await page.getByRole('link', { name: 'Import from Kayenta…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Or paste its JSON').fill('{"name": "no config"}');
  await dialog.getByRole('button', { name: 'Read it' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no canary configuration of Kayenta');
  const foreign = {
    name: 'Signal latency',
    judge: { name: 'dredd-v1.0', judgeConfigurations: {} },
    metrics: [{ name: 'latency', query: { type: 'signalfx', metricName: 'latency' }, groups: ['Latency'] }],
    classifier: { groupWeights: { Latency: 100 } },
  };
  await dialog.getByLabel('Or paste its JSON').fill(JSON.stringify(foreign));
  await dialog.getByRole('button', { name: 'Read it' }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'signalfx' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Take it into the workbench' }).click();
  await page.locator('summary').filter({ hasText: 'latency' }).first().click();
  await expect(page.getByText(/asks a source of the kind signalfx/)).toBeVisible();
});

test('people who may not write configurations can read them and change nothing', async ({
  page,
  stack,
  api,
}) => {
  const { name } = await given(api);
  await asProductOwner(page, stack, api);
  await page.goto(`${stack.url}${CONFIGS}/${name}`);
  await expect(page.getByText('read only')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);
  await page.locator('summary').filter({ hasText: 'p99' }).click();
  await expect(page.getByLabel('Allowed rise')).toHaveAttribute('readonly', '');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.goto(`${stack.url}/settings?tab=metrics`);
  await expect(page.getByRole('button', { name: 'Add a source…' })).toBeDisabled();
});

test('axe finds no serious fault in the workbench, with answers and forms open', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { name } = await given(api);
  for (const colorScheme of ['light', 'dark'] as const) {
    // A button that is still changing its colour has none that could be judged.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${stack.url}${CONFIGS}/${name}`);
    await page.locator('summary').filter({ hasText: 'p99' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByRole('region', { name: 'What came of it' })).toContainText('score');
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  }
});

async function asProductOwner(page: Page, stack: SharedStack, api: Api): Promise<void> {
  const username = fresh('owner');
  const { password } = await api.must<{ password: string }>('POST', '/api/v1/users', {
    username,
    displayName: 'Olga Owner',
    roles: ['productOwner'],
  });
  await signIn(page, stack.url, username, password);
}
