import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '@/e2e/support/fixtures';
import { signIn } from '@/e2e/support/sign-in';

/** The secret in the dialog that shows it once, read as a person reads it. */
async function noteSecret(page: Page, done: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  const secret = await dialog.locator('code').first().innerText();
  await dialog.getByRole('button', { name: done }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

test('an admin adds a person, changes their roles, resets their password, disables and enables them', async ({
  page,
  browser,
  stack,
  signedIn: _,
}) => {
  const username = `kim-${randomBytes(3).toString('hex')}`;
  const name = `Kim ${username}`;
  await page.goto(`${stack.url}/settings?tab=people`);
  await page.getByRole('button', { name: 'Add a person…' }).click();
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Add the person' }).click();
  // What somebody may do is never given by oversight.
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await page.getByRole('dialog').getByText('Engineer').first().click();
  await page.getByRole('button', { name: 'Add the person' }).click();
  const first = await noteSecret(page, 'I have noted it');

  const person = await browser.newPage();
  await signIn(person, stack.url, username, first);
  const row = page.getByRole('row').filter({ hasText: username });
  const choose = async (item: string) => {
    await row.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  await choose('Change roles…');
  await page.getByRole('dialog').getByText('Release manager').click();
  await page.getByRole('button', { name: 'Save the roles' }).click();
  await expect(row).toContainText('Release manager');

  // No page of theirs is open meanwhile: it would go to the sign-in by itself, and end what is navigated to here.
  await person.goto('about:blank');
  await choose('Reset password…');
  await page.getByRole('button', { name: 'Reset the password' }).click();
  const second = await noteSecret(page, 'I have noted it');
  expect(second).not.toBe(first);
  await expectSentOut(person, stack.url);
  await signIn(person, stack.url, username, second);

  await person.goto('about:blank');
  await choose('Disable…');
  await page.getByRole('button', { name: `Disable ${name}` }).click();
  await expect(row).toContainText('disabled');
  await expectSentOut(person, stack.url);

  await choose('Enable again');
  await expect(row).not.toContainText('disabled');
  await signIn(person, stack.url, username, second);
  await person.close();
});

/** Whoever is put out finds the sign-in wherever they go. */
async function expectSentOut(person: Page, url: string): Promise<void> {
  await person.goto(`${url}/executions`);
  await expect(person).toHaveURL(/signin/);
}

test('a token works from its creation in the browser to its revocation there', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const name = `ci-${randomBytes(3).toString('hex')}`;
  await page.goto(`${stack.url}/settings?tab=tokens`);
  await page.getByRole('button', { name: 'Create a token…' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create the token' }).click();
  const machine = api.withToken(await noteSecret(page, 'I have stored it'));
  expect((await machine.send('GET', '/api/v1/executions')).status).toBe(200);

  await page.getByRole('row').filter({ hasText: name }).getByRole('button', { name: 'Revoke…' }).click();
  await page.getByRole('button', { name: 'Revoke the token' }).click();

  // While it is open, what is behind it is hidden from roles as from screen readers.
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0);
  expect((await machine.send('GET', '/api/v1/executions')).status).toBe(401);
});
