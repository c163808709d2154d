import { randomBytes } from 'node:crypto';
import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';
import { foreignGroup, startForeignPlatform } from '@/e2e/support/foreign-platform';

test('an admin connects a platform, sees what others made there, and lets it go again', async ({
  page,
  stack,
  signedIn: _,
}) => {
  const id = randomBytes(3).toString('hex');
  const [account, application] = [`far-${id}`, `bakery${id}`];
  const platform = await startForeignPlatform();
  try {
    platform.hold({ serverGroups: [foreignGroup(application, 3)] });
    await page.goto(`${stack.url}/settings?tab=accounts`);
    await page.getByRole('button', { name: 'Add an account…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Platform' }).click();
    await page.getByRole('option', { name: 'Local cloud' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill(account);
    await dialog.getByLabel('Endpoint file').fill('/nowhere/endpoint.json');
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toContainText('is not running');
    await dialog.getByRole('button', { name: 'Save the account' }).click();
    await expect(dialog.getByText('The test failed, as said above.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Save it anyway' })).toBeVisible();
    await dialog.getByLabel('Endpoint file').fill(platform.endpointFile);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toContainText('Server groups: 1');
    await dialog.getByRole('button', { name: 'Save the account' }).click();
    await expect(dialog).toBeHidden();
    const row = page.getByRole('row').filter({ hasText: account });
    await expect(row).toContainText('in sight');

    await page.goto(`${stack.url}/applications`);
    await expect(page.getByRole('link', { name: application })).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(application);
    await page.getByRole('option', { name: application }).click();
    await expect(page.getByText('Seen on a platform, not set up here')).toBeVisible();
    const card = page.getByRole('region', { name: application, exact: true });
    await expect(card.getByText(`managed by Deployment ${application}`).first()).toBeVisible();
    await expect(card.getByRole('button', { name: 'Roll back' })).toHaveCount(0);
    await expect(page.getByRole('tab')).toHaveText(['Clusters', 'Load balancers', 'Firewalls']);

    await platform.stop();
    await expect(page.getByRole('alert').filter({ hasText: account })).toContainText('cannot be seen', {
      timeout: 30_000,
    });
    expect(await page.content()).not.toContain(platform.token);

    await page.goto(`${stack.url}/settings?tab=accounts`);
    await expect(row).toContainText('out of sight');
    await row.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove the account' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(row).toHaveCount(0);
  } finally {
    await platform.stop();
  }
});

test('the log of an instance is read beside it, and what a deploy would write is asked before', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api);
  await page.goto(`${stack.url}/applications/${app.name}`);
  const squares = page.locator(`ul[aria-label*="${app.name}-staging-v000"]`).first();
  await squares.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Read the log' }).click();
  const log = page.getByRole('dialog').getByRole('region', { name: 'Log' });
  await expect(log).toContainText('--- started');
  await log.getByRole('button', { name: 'Read it again' }).click();
  await expect(log).toContainText('--- started');

  await page
    .getByRole('region', { name: `${app.name}-staging`, exact: true })
    .getByRole('button', { name: 'Deploy…' })
    .click();
  await page.getByRole('button', { name: 'Show the plan, step by step' }).click();
  await expect(page.getByText(/Create .*-staging-v001 with .* in eu/)).toBeVisible();
  await expect(page.getByText('cannot say beforehand').first()).toBeVisible();
});
