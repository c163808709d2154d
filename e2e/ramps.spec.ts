import { randomBytes } from 'node:crypto';
import { newFeature, newProductOwner, standing } from '@/e2e/support/features';
import { expect, test } from '@/e2e/support/fixtures';
import { signIn } from '@/e2e/support/sign-in';

test('a feature is ramped up in steps, which can be watched and stopped', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { key, name } = await newFeature(api, 'catalog');
  await page.goto(`${stack.url}/features/${key}`);
  await page.getByRole('button', { name: 'Ramp up in staging…' }).click();
  const dialog = page.getByRole('dialog');
  const start = dialog.getByRole('button', { name: 'Start the ramp' });
  await dialog.getByLabel('Up to percent').fill('150');
  await expect(dialog.getByLabel('Up to percent')).toHaveAttribute('aria-invalid', 'true');
  await expect(start).toBeDisabled();
  await dialog.getByLabel('Up to percent').fill('30');
  await dialog.getByLabel('Steps', { exact: true }).fill('2');
  await dialog.getByLabel('Minutes in all').fill('60');
  await expect(dialog.getByRole('listitem').first()).toHaveText('at once: 15 %');
  await expect(dialog.getByRole('listitem').last()).toHaveText(/: 30 %$/);
  await dialog.getByLabel('Reason').fill('the summer sale');
  await start.click();
  await expect
    .poll(async () => (await standing(api, key, 'staging')).shares)
    .toContainEqual({ variant: 'on', percent: 15 });
  const running = page.getByRole('group', { name: 'The ramp that runs in staging' });
  await expect(running).toContainText('Ramping “on”: step 1 of 2, 15 % → next 30 % at');
  await expect(page.getByRole('button', { name: 'Ramp up in staging…' })).toHaveCount(0);
  await running.getByRole('link', { name: 'Watch it' }).click();
  await expect(page.getByRole('heading', { name: `Ramp of ${name} in staging` })).toBeVisible();
  await page.goBack();
  await running.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop and go back' }).click();
  await expect(running).toHaveCount(0);
  // It goes back to how it stood.
  await expect.poll(async () => (await standing(api, key, 'staging')).on).toBe(false);
});

test('a guarded ramp finds the bad feature of the example out, and takes it back', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  await page.goto(`${stack.url}/features/delivery-estimate`);
  await page.getByRole('button', { name: 'Ramp up in staging…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Up to percent').fill('60');
  await dialog.getByLabel('Steps', { exact: true }).fill('2');
  await dialog.getByLabel('Minutes in all').fill('2');
  await dialog.getByRole('combobox', { name: 'Watched over by' }).click();
  // It compares server groups, which serve both alike.
  await expect(page.getByRole('option', { name: 'golden-signals' })).toHaveCount(0);
  await page.getByRole('option', { name: 'by-variant' }).click();
  await dialog.getByRole('button', { name: 'Start the ramp' }).click();
  await page.getByRole('button', { name: 'Watch it' }).click();
  await expect
    .poll(async () => (await standing(api, 'delivery-estimate', 'staging')).shares)
    .toContainEqual({ variant: 'on', percent: 30 });
  await expect(page.getByText(/error ratio/).first()).toBeVisible({ timeout: 45_000 });
  const id = new URL(page.url()).pathname.split('/').at(-1);
  await expect
    .poll(async () => (await api.must<{ status: string }>('GET', `/api/v1/executions/${id}`)).status, {
      timeout: 45_000,
    })
    .toBe('failed');
  await expect.poll(async () => (await standing(api, 'delivery-estimate', 'staging')).on).toBe(false);
  await page.goto(`${stack.url}/features/delivery-estimate?tab=history`);
  await expect(page.getByText('put back: the ramp ended as failed').first()).toBeVisible();
});

test('a ramp where review is demanded is let begin by another product owner, and ends with the kill switch', async ({
  page,
  browser,
  stack,
  api,
  signedIn: _,
}) => {
  const environment = `ramped-${randomBytes(3).toString('hex')}`;
  await api.must('PUT', `/api/v1/toggle-environments/${environment}`, { order: 96, requiresReview: true });
  const { key, name } = await newFeature(api, 'catalog');
  const plan = { variant: 'on', percentages: [20, 40], holdSeconds: 600 };
  const { executionId } = await api.must<{ executionId: string }>(
    'POST',
    `/api/v1/toggles/${key}/environments/${environment}/ramp`,
    plan,
  );
  const reviewer = await newProductOwner(api);
  const others = await browser.newContext();
  const other = await others.newPage();
  await signIn(other, stack.url, reviewer.username, reviewer.password);
  await other.goto(`${stack.url}/waiting`);
  const gate = other.getByRole('button', { name: `Ramp of ${name} in ${environment}` });
  // The one that has waited longest stands open.
  if ((await gate.getAttribute('aria-expanded')) === 'false') await gate.click();
  const card = other.getByTestId('evidence-card').filter({ hasText: name });
  await expect(card).toContainText(`20 % of people get “${name}” in ${environment} (on).`);
  await expect(card).not.toContainText(/artifact|rollback/i);
  await card.getByRole('button', { name: 'Continue' }).click();
  await expect
    .poll(async () => (await standing(api, key, environment)).shares)
    .toContainEqual({ variant: 'on', percent: 20 });
  await others.close();

  await page.goto(`${stack.url}/features/${key}`);
  await page.getByRole('button', { name: `Kill ${name} in ${environment}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Kill in ${environment}` })
    .click();
  await expect
    .poll(async () => (await api.must<{ status: string }>('GET', `/api/v1/executions/${executionId}`)).status)
    .toBe('canceled');
  expect((await standing(api, key, environment)).on).toBe(false);
});
