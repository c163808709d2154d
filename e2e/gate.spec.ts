import { TestApplication } from '@/e2e/support/application';
import { runCli } from '@/e2e/support/cli';
import { expect, test } from '@/e2e/support/fixtures';

test('prod waits at its gate, and a person who approves in the browser lets it go on', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const id = await app.deploy('prod', '1.1.0');
  await app.atGate(id);
  expect(await app.answered('prod')).toEqual(['1.0.0']);

  await page.goto(`${stack.url}/executions/${id}`);
  await expect(page.getByTestId('evidence-card')).toContainText('1.0.0');
  await page.getByRole('button', { name: /^Continue/ }).click();
  await app.finish(id);
  expect(await app.answered('prod')).toEqual(['1.1.0']);
  await expect(page.getByText(/Done: .* 1\.1\.0 is in prod/).first()).toBeVisible();
});

test('the command line and the API approve as well', async ({ stack, api }) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const byCli = await app.deploy('prod', '1.1.0');
  await app.atGate(byCli);
  expect(await runCli(stack, ['approve', byCli])).toMatchObject({ exitCode: 0 });
  await app.finish(byCli);
  expect(await app.answered('prod')).toEqual(['1.1.0']);

  const byApi = await app.deploy('prod', '1.0.0');
  await app.atGate(byApi);
  await api.judge(byApi, 'approve', 'continue');
  await app.finish(byApi);
  expect(await app.answered('prod')).toEqual(['1.0.0']);
});

test('stopping at the gate ends the execution and changes nothing', async ({ stack, api }) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const before = await app.picture();
  const id = await app.deploy('prod', '1.1.0');
  await app.atGate(id);
  expect(await runCli(stack, ['stop', id, '--comment', 'not today'])).toMatchObject({ exitCode: 0 });
  expect((await app.end(id)).status).toBe('stopped');
  expect(await app.picture()).toEqual(before);
});

test('of two judgments of the same gate one counts and the other is told who was first', async ({ api }) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const id = await app.deploy('prod', '1.1.0');
  await app.atGate(id);
  const path = `/api/v1/executions/${id}/stages/approve/judgment`;
  const answers = await Promise.all([
    api.send('POST', path, { decision: 'stop' }),
    api.send('POST', path, { decision: 'stop' }),
    api.send('POST', path, { decision: 'stop' }),
  ]);
  expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409]);
  expect((await app.end(id)).status).toBe('stopped');
});
