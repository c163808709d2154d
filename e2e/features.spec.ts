import { randomBytes } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { newFeature, newProductOwner, standing } from '@/e2e/support/features';
import { expect, test } from '@/e2e/support/fixtures';
import { settled } from '@/e2e/support/settled';
import { signIn } from '@/e2e/support/sign-in';

/** Splits everyone in the open editor, with so many percent for “on”. */
async function split(page: Page, percent: number): Promise<void> {
  await page.getByRole('combobox', { name: 'They all get' }).click();
  await page.getByRole('option', { name: /percentage split/ }).click();
  await page.getByLabel('Share of on in percent').fill(String(percent));
}

test('a product owner finds a feature, ramps it, turns it on, kills it and takes that back', async ({
  page,
  stack,
  api,
}) => {
  const { key, name } = await newFeature(api);
  const { username, password } = await newProductOwner(api);
  await signIn(page, stack.url, username, password);

  await page.getByRole('link', { name: 'Features' }).first().click();
  await page.getByRole('searchbox', { name: 'Filter features' }).fill(key);
  await page.getByRole('link', { name }).click();

  await page.getByRole('button', { name: 'Change who gets it in staging' }).click();
  await split(page, 25);
  // It is off, so nobody has it whom the split could take it from.
  await expect(page.getByText('off gets the rest: 75 %')).toBeVisible();
  await expect(page.getByText(/of people move/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${name} is changed in staging.`)).toBeVisible();

  await page.getByRole('switch', { name: `${name} in staging` }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('25 %');
  await page.getByRole('dialog').getByLabel('Reason').fill('the first quarter');
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('switch', { name: `${name} in staging` })).toBeChecked();
  await expect(page.getByRole('switch', { name: `${name} in staging` })).toBeFocused();
  expect((await standing(api, key, 'staging')).shares).toContainEqual({ variant: 'on', percent: 25 });

  // Two clicks.
  await page.getByRole('button', { name: `Kill ${name} in staging` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill in staging' }).click();
  await expect(page.getByRole('switch', { name: `${name} in staging` })).not.toBeChecked();
  expect((await standing(api, key, 'staging')).on).toBe(false);

  await page.getByRole('tab', { name: 'History' }).click();
  const killed = page.getByRole('listitem').filter({ hasText: 'Turned off in an emergency' });
  await expect(killed).toContainText('Killed');
  await killed.getByRole('button', { name: 'Undo' }).click();
  const undo = page.getByRole('dialog');
  await expect(undo.getByRole('status')).toContainText('25 %');
  await undo.getByLabel('Reason').fill('it was the network');
  await undo.getByRole('button', { name: 'Take it back' }).click();
  await expect(killed.getByText('taken back', { exact: true })).toBeVisible();
  await expect.poll(async () => (await standing(api, key, 'staging')).on).toBe(true);
});

test('a product owner cannot touch pipelines', async ({ page, stack, api }) => {
  const { username, password } = await newProductOwner(api);
  await signIn(page, stack.url, username, password);
  await page.goto(`${stack.url}/applications/catalog?tab=pipelines`);
  await settled(page);
  await expect(page.getByRole('link', { name: 'New pipeline' })).toHaveCount(0);
  const answer = await page.request.post(`${stack.url}/api/trpc/executions.start`, {
    headers: { origin: stack.url },
    data: { json: { application: 'catalog', pipeline: 'deploy-prod', parameters: {}, artifacts: [] } },
  });
  expect(answer.status()).toBe(403);
});

test('where review is demanded, a change waits until another person has approved it', async ({
  page,
  browser,
  stack,
  api,
}) => {
  const environment = `reviewed-${randomBytes(3).toString('hex')}`;
  await api.must('PUT', `/api/v1/toggle-environments/${environment}`, { order: 90, requiresReview: true });
  const { key, name } = await newFeature(api);
  const [author, reviewer] = [await newProductOwner(api), await newProductOwner(api)];

  await signIn(page, stack.url, author.username, author.password);
  await page.goto(`${stack.url}/features/${key}`);
  await page.getByRole('switch', { name: `${name} in ${environment}` }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('launch day');
  await page.getByRole('dialog').getByRole('button', { name: 'Ask for review' }).click();
  await page.getByRole('link', { name: 'a change waits for review' }).click();
  const asked = page.getByRole('dialog');
  await expect(asked).toContainText('You drafted this, so another person decides.');
  await expect(asked.getByRole('button', { name: 'Approve and apply' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  expect((await standing(api, key, environment)).on).toBe(false);

  const others = await browser.newContext();
  const other = await others.newPage();
  await signIn(other, stack.url, reviewer.username, reviewer.password);
  await other.goto(`${stack.url}/features?view=requests`);
  await other.getByRole('button', { name: `Open the change of ${name} in ${environment}` }).click();
  const decision = other.getByRole('dialog');
  await expect(decision).toContainText('Switched on');
  await decision.getByLabel('Comment').fill('go');
  await decision.getByRole('button', { name: 'Approve and apply' }).click();
  await expect.poll(async () => (await standing(api, key, environment)).on).toBe(true);
  await others.close();
});

test('the playground says what somebody would get and why, of a draft too', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { key } = await newFeature(api);
  await page.goto(`${stack.url}/features/${key}?edit=staging`);
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const rule = page.getByRole('group', { name: 'Rule 1' });
  await rule.getByLabel('Attribute').fill('country');
  await rule.getByLabel('Value').fill('de');
  await expect(page.getByText('Once saved:')).toBeVisible();

  await page.getByRole('button', { name: 'Show JSON' }).click();
  await expect(page.getByLabel('Definition as JSON').last()).toContainText('"country"');

  await page.getByRole('button', { name: 'Try this draft' }).click();
  await page.getByRole('button', { name: 'Add an attribute' }).click();
  await page.getByRole('textbox', { name: 'Attribute', exact: true }).last().fill('country');
  await page.getByLabel('Value of country').fill('de');
  await page.getByRole('button', { name: 'What would they get?' }).click();
  await expect(page.getByText('It is switched off here: everyone gets “off”.')).toBeVisible();
});

test('who is overtaken while changing a feature is told, and may save over it', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { key, name } = await newFeature(api);
  await page.goto(`${stack.url}/features/${key}?edit=staging`);
  await split(page, 40);
  await api.must('POST', `/api/v1/toggles/${key}/environments/staging/switch`, { on: true });
  await expect(page.getByText('Someone has saved another version since you began.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Keep mine and save over it' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${name} is changed in staging.`)).toBeVisible();
  // The switch is not in the forms, so it stays as the other one left it.
  expect((await standing(api, key, 'staging')).on).toBe(true);
  expect((await standing(api, key, 'staging')).shares).toContainEqual({ variant: 'on', percent: 40 });
});

test('in a freeze, which the page shows, only the kill switch works', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const environment = `frozen-${randomBytes(3).toString('hex')}`;
  await api.must('PUT', `/api/v1/toggle-environments/${environment}`, { order: 95 });
  const { key, name } = await newFeature(api);
  await api.must('POST', `/api/v1/toggles/${key}/environments/${environment}/switch`, { on: true });
  await page.goto(`${stack.url}/features?view=environments`);
  await page.getByRole('button', { name: `Freezes and messages of ${environment}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('From').fill('2020-01-01T00:00');
  await dialog.getByLabel('Until').fill('2100-01-01T00:00');
  await dialog.getByLabel('Why').fill('stocktaking');
  await dialog.getByRole('button', { name: 'Add the freeze' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${environment} is saved.`)).toBeVisible();

  await page.goto(`${stack.url}/features/${key}`);
  await expect(page.getByText(/Frozen until .*2100.*: stocktaking/)).toBeVisible();
  await page.getByRole('switch', { name: `${name} in ${environment}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByText(/is frozen until .*: stocktaking/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: `Kill ${name} in ${environment}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Kill in ${environment}` })
    .click();
  await expect.poll(async () => (await standing(api, key, environment)).on).toBe(false);
});

test('on a phone the switch and the kill of a feature are at hand', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { key, name } = await newFeature(api);
  await api.must('POST', `/api/v1/toggles/${key}/environments/staging/switch`, { on: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(stack.url);
  await page.getByRole('link', { name: 'Features' }).last().click();
  await page.getByRole('searchbox', { name: 'Filter features' }).fill(key);
  await page.getByRole('button', { name: `Kill ${name} in staging` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill in staging' }).click();
  await expect.poll(async () => (await standing(api, key, 'staging')).on).toBe(false);

  // Nothing of the editor lies under its bar or the navigation.
  await page.goto(`${stack.url}/features/${key}?edit=staging`);
  await page.getByRole('button', { name: 'Show JSON' }).click();
  await page.getByRole('button', { name: 'Hide JSON' }).click();
});

test('axe finds no serious fault in the pages of features', async ({ page, stack, api, signedIn: _ }) => {
  const { key } = await newFeature(api);
  const views = ['', '?view=environments', '?view=files', `/${key}?edit=staging`, `/${key}?tab=try`];
  const paths = ['/new-feature', ...views.map((view) => `/features${view}`)];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of paths) {
      await page.goto(`${stack.url}${path}`);
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
