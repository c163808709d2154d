import { TestApplication } from '@/e2e/support/application';
import { runCli } from '@/e2e/support/cli';
import { figure } from '@/e2e/support/figure';
import { expect, test } from '@/e2e/support/fixtures';
import { SteadyClient } from '@/e2e/support/steady-client';

test('a rollback returns all traffic, pins the good version and vetoes the bad one', async ({
  stack,
  api,
}) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  await app.finish(await app.run('first-prod', '1.1.0'));
  expect(await app.answered('prod')).toEqual(['1.1.0']);

  const client = new SteadyClient(await app.urls('prod'));
  const pressed = Date.now();
  const { executionId } = await api.must<{ executionId: string }>(
    'POST',
    `/api/v1/applications/${app.name}/clusters/${app.name}-prod/rollback`,
    { reason: 'checkout is slow' },
  );
  await app.finish(executionId);
  // A little longer than the rollback, so that late strays of the bad version would be seen.
  await expect
    .poll(() => client.seen.filter((s) => s.at > Date.now() - 500).length, { timeout: 5_000 })
    .toBeGreaterThan(20);
  await client.stop();

  expect(client.failures).toEqual([]);
  expect(await app.answered('prod')).toEqual(['1.0.0']);
  figure(
    'rollback at the load balancer',
    `last answer of the bad version ${client.settledAfter(pressed, '1.0.0')} ms after the request`,
  );

  const again = await api.send('POST', '/api/v1/deployments', {
    artifact: app.name,
    environment: 'staging',
    version: '1.1.0',
  });
  expect(again.status, JSON.stringify(again.body)).toBe(409);
  expect(JSON.stringify(again.body)).toContain('checkout is slow');

  const reason = ['--reason', 'the database was slow, not the release'];
  expect(await runCli(stack, ['unpin', `${app.name}-prod`, ...reason])).toMatchObject({ exitCode: 0 });
  const lifted = await runCli(stack, ['unveto', `artifact=${app.name}`, 'version=1.1.0', ...reason]);
  expect(lifted, lifted.output).toMatchObject({ exitCode: 0 });
  await app.finish(await app.run('first-prod', '1.1.0'));
  expect(await app.answered('prod')).toEqual(['1.1.0']);
});

test('with nothing to go back to, a rollback is refused and nothing changes', async ({ api }) => {
  const app = await TestApplication.create(api, { environments: ['prod'] });
  const before = await app.picture();
  const answer = await api.send(
    'POST',
    `/api/v1/applications/${app.name}/clusters/${app.name}-prod/rollback`,
    {
      reason: 'just in case',
    },
  );
  expect(answer.status).toBe(409);
  expect(await app.picture()).toEqual(before);
  expect((await app.clusters()).clusters[0]?.pin).toBeNull();
});

test('a pin stands in the deploy dialog before anyone starts, and is lifted from there', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api);
  await app.finish(await app.run('first-staging', '1.1.0'));
  const { executionId } = await api.must<{ executionId: string }>(
    'POST',
    `/api/v1/applications/${app.name}/clusters/${app.name}-staging/rollback`,
    { reason: 'checkout is slow' },
  );
  await app.finish(executionId);
  await app.publish('1.2.0');

  await page.goto(`${stack.url}/applications/${app.name}`);
  await page
    .getByRole('region', { name: `${app.name}-staging`, exact: true })
    .getByRole('button', { name: 'Deploy…' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Deploy to staging' });
  await expect(dialog.getByRole('alert')).toContainText(`${app.name}-staging is pinned to 1.0.0`);
  const deploy = dialog.getByRole('button', { name: 'Deploy 1.2.0 to staging' });
  await expect(deploy).toBeDisabled();
  await dialog.getByRole('button', { name: 'Lift the pin…' }).click();
  const lift = page.getByRole('dialog', { name: `Lift the pin on ${app.name}-staging` });
  await lift.getByLabel('Why?').fill('it was the database');
  await lift.getByRole('button', { name: 'Lift the pin', exact: true }).click();
  await expect(deploy).toBeEnabled();
  await deploy.click();
  await expect(page).toHaveURL(/\/executions\//);
});
