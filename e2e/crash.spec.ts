import { expect, test } from '@playwright/test';
import { startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { TestApplication } from '@/e2e/support/application';
import { SteadyClient } from '@/e2e/support/steady-client';

/** What must be there exactly once after a deploy of 1.1.0 over 1.0.0 with red/black in two regions. */
function expectOneDeployment(picture: readonly string[]): void {
  expect(picture).toHaveLength(4);
  expect(picture.filter((line) => line.endsWith(' 1.1.0 on 1'))).toHaveLength(2);
  expect(picture.filter((line) => line.endsWith(' 1.0.0 off 0'))).toHaveLength(2);
}

test('kill -9 of the worker in the middle of a deploy: it finishes, once, and no request is lost', async () => {
  const stack = await startStack({ demo: false });
  try {
    const app = await TestApplication.create(await Api.ofCliFile(stack.cliFile));
    const client = new SteadyClient(await app.urls('staging'));
    const id = await app.deploy('staging', '1.1.0');
    await expect
      .poll(
        async () =>
          (await app.api.execution(id)).stages.some(
            (s) => s.type === 'createServerGroup' && s.status === 'running',
          ),
        { intervals: [20] },
      )
      .toBe(true);
    await stack.killWorkers();
    await app.finish(id);
    await client.stop();
    expect(client.failures).toEqual([]);
    expectOneDeployment(await app.picture());
  } finally {
    await stack.stop();
  }
});

test('kill -9 of everything in the middle of a deploy, then npm start: it finishes, once', async () => {
  const stack = await startStack({ demo: false });
  let again: Awaited<ReturnType<typeof startStack>> | null = null;
  try {
    const app = await TestApplication.create(await Api.ofCliFile(stack.cliFile));
    const id = await app.deploy('staging', '1.1.0');
    await expect
      .poll(
        async () =>
          (await app.api.execution(id)).stages.some(
            (s) => s.type === 'createServerGroup' && s.status === 'running',
          ),
        { intervals: [20] },
      )
      .toBe(true);
    await stack.kill9();
    again = await startStack({ demo: false, dataDir: stack.dataDir, port: stack.port });
    await app.finish(id);
    await expect
      .poll(() => app.picture().then((p) => p.filter((l) => l.endsWith(' 1.1.0 on 1')).length))
      .toBe(2);
    expectOneDeployment(await app.picture());
    expect(await app.answered('staging')).toEqual(['1.1.0']);
  } finally {
    await (again ?? stack).stop();
  }
});
