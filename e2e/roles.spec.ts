import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';
import { signIn } from '@/e2e/support/sign-in';

test('an engineer sees the gate and its evidence, and is told who may decide it', async ({
  page,
  stack,
  api,
}) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const id = await app.deploy('prod', '1.1.0');
  await app.atGate(id);
  const { password } = await api.must<{ password: string }>('POST', '/api/v1/users', {
    username: `eng-${app.name}`,
    displayName: 'Erin Engineer',
    roles: ['engineer'],
  });

  await signIn(page, stack.url, `eng-${app.name}`, password);
  await page.goto(`${stack.url}/executions/${id}`);
  const card = page.getByTestId('evidence-card');
  await expect(card).toContainText('1.1.0');
  await expect(card.getByRole('button', { name: /^Continue/ })).toBeDisabled();
  await expect(card).toContainText(/release manager/i);

  // The button is not the guard: the procedure refuses as well.
  const answer = await page.request.post(`${stack.url}/api/trpc/judgments.decide`, {
    headers: { origin: stack.url },
    data: { json: { executionId: id, refId: 'approve', decision: 'continue' } },
  });
  expect(answer.status()).toBe(403);
  expect((await api.execution(id)).waitingFor.map((w) => w.kind)).toContain('person');
  await api.judge(id, 'approve', 'stop');
});

test('a wrong password does not let anyone in and says no more than that', async ({ page, stack }) => {
  await page.goto(`${stack.url}/signin`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('not-the-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toContainText(/password/i);
  await expect(page).toHaveURL(/signin/);
});

test('pages ask for a sign-in and lead back to where one wanted to go', async ({ page, stack }) => {
  await page.goto(`${stack.url}/applications/catalog`);
  await expect(page).toHaveURL(/signin/);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(stack.adminPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${stack.url}/applications/catalog`);
});
