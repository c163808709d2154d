import { TestApplication } from '@/e2e/support/application';
import { runCli } from '@/e2e/support/cli';
import { figure } from '@/e2e/support/figure';
import { expect, test } from '@/e2e/support/fixtures';
import { SteadyClient } from '@/e2e/support/steady-client';

for (const strategy of ['redblack', 'highlander']) {
  test(`deploying by ${strategy} loses no request and ends on the new version`, async ({ stack, api }) => {
    const app = await TestApplication.create(api, { strategy });
    const client = new SteadyClient(await app.urls('staging'));
    try {
      const cli = await runCli(stack, [
        'deploy',
        `artifact=${app.name}`,
        'environment=staging',
        'version=1.1.0',
        '--wait',
      ]);
      expect(cli, cli.output).toMatchObject({ exitCode: 0 });
    } finally {
      await client.stop();
    }
    expect(client.failures).toEqual([]);
    expect(client.versions()).toEqual(new Set(['1.0.0', '1.1.0']));
    expect(await app.answered('staging')).toEqual(['1.1.0']);
    const kept = (await app.picture()).filter((line) => line.includes('1.0.0'));
    expect(kept.length).toBe(strategy === 'redblack' ? 2 : 0);
    figure(`${strategy} under load`, `${client.seen.length} requests answered, 0 failed`);
  });
}

test('the line per stage and the exit codes of --wait tell what happened', async ({ stack, api }) => {
  const app = await TestApplication.create(api);
  const done = await runCli(stack, [
    'deploy',
    `artifact=${app.name}`,
    'environment=staging',
    'version=1.1.0',
    '--wait',
  ]);
  expect(done.exitCode).toBe(0);
  expect(done.output).toContain('Deploy to staging');

  const usage = await runCli(stack, ['deploy', 'environment=staging']);
  expect(usage.exitCode).toBe(2);
  expect(usage.output).toContain('artifact');

  const unknown = await runCli(stack, [
    'deploy',
    `artifact=${app.name}`,
    'environment=moon',
    'version=1.1.0',
  ]);
  expect(unknown.exitCode).toBe(1);
  expect(unknown.output).toContain('moon');
});
