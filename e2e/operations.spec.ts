import { createHmac } from 'node:crypto';
import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';

/** What people do with executions and triggers, pressed in a browser. */

const CLOSED = { timeZone: 'UTC', spans: [{ from: '00:00', to: '00:01' }], days: [1] };
const wait = (refId: string, more: Record<string, unknown> = {}) => ({
  refId,
  type: 'wait',
  name: refId,
  config: { seconds: 1 },
  ...more,
});

async function pipelineOf(
  api: Parameters<typeof TestApplication.create>[0],
  definition: Record<string, unknown>,
) {
  const app = await TestApplication.create(api, { environments: [] });
  const path = `/api/v1/applications/${app.name}/pipelines/${String(definition.name)}`;
  await api.must('PUT', path, definition);
  const run = async (parameters: Record<string, unknown> = {}) =>
    (await api.must<{ executionId: string }>('POST', `${path}/executions`, { parameters, artifacts: [] }))
      .executionId;
  const ends = (id: string, status: string) =>
    expect.poll(async () => (await api.execution(id)).status, { timeout: 20_000 }).toBe(status);
  return { app, run, ends };
}

test('a failed execution is restarted from its failed stage, keeps its first try, and is run again with other values', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { app, run, ends } = await pipelineOf(api, {
    name: 'checks',
    parameters: [{ name: 'fit', type: 'boolean', default: false }],
    stages: [
      wait('before'),
      {
        refId: 'check',
        type: 'checkPreconditions',
        name: 'Is it fit?',
        requires: ['before'],
        config: { preconditions: [{ type: 'expression', expression: '${parameters.fit}' }] },
      },
    ],
  });
  const id = await run();
  await ends(id, 'failed');
  await page.goto(`${stack.url}/executions/${id}?stage=check`);
  await page.getByRole('button', { name: 'Restart from here…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restart from here' }).click();
  const tries = page.getByRole('group', { name: 'Tries of this stage' });
  await expect(tries.getByRole('button', { name: /Try 2 \(now\)/ })).toBeVisible();
  await ends(id, 'failed');
  await tries.getByRole('button', { name: /Try 1$/ }).click();
  await expect(page.getByText('This is an earlier try.')).toBeVisible();
  expect((await api.execution(id)).tries).toMatchObject([{ refId: 'check', try: 1, status: 'failed' }]);

  await page.getByRole('button', { name: 'Run again…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: /fit/ }).click();
  await page.getByRole('option', { name: 'Yes' }).click();
  await dialog.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/executions/') && !url.pathname.endsWith(id));
  const again = page.url().split('/executions/')[1]?.split('?')[0] ?? '';
  await ends(again, 'succeeded');
  expect(await api.execution(again)).toMatchObject({ rerunOf: id, parameters: { fit: true } });
  await expect(page.getByText('Again of')).toBeVisible();
  expect(app.name).toBeTruthy();
});

test('a stage outside its window is seen waiting, is started with a reason, and another is skipped', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const { app, run, ends } = await pipelineOf(api, {
    name: 'windows',
    stages: [
      wait('night', { window: CLOSED }),
      wait('also', { window: CLOSED }),
      wait('end', { requires: ['night', 'also'] }),
    ],
  });
  const id = await run();
  await page.goto(`${stack.url}/waiting`);
  const still = page.getByRole('region', { name: 'What else does not move' });
  await expect(still.getByText(`${app.name} · windows`)).toHaveCount(2);
  await expect(still.getByText('Its time window is closed.').first()).toBeVisible();

  await page.goto(`${stack.url}/executions/${id}?stage=night`);
  await page.getByRole('button', { name: 'Start outside its window…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Start now' }).click();
  await expect(dialog.getByText('Say why, so that others understand it later.')).toBeVisible();
  await dialog.getByRole('textbox').fill('the fix cannot wait');
  await dialog.getByRole('button', { name: 'Start now' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`${stack.url}/executions/${id}?stage=also`);
  await page.getByRole('button', { name: 'Skip…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Skip the stage' }).click();
  await ends(id, 'succeeded');
  const statuses = Object.fromEntries((await api.execution(id)).stages.map((one) => [one.refId, one.status]));
  expect(statuses).toEqual({ night: 'succeeded', also: 'skipped', end: 'succeeded' });
});

test('a webhook source is added, a push starts the pipeline once, and its trigger is turned off', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const source = `push-${Date.now().toString(36)}`;
  await page.goto(`${stack.url}/settings?tab=webhooks`);
  await page.getByRole('button', { name: 'Add a source…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(source);
  await dialog.getByRole('button', { name: 'Add the source' }).click();
  const shown = page.getByRole('dialog', { name: `Secret of ${source}` });
  const secret =
    (await shown
      .getByText(/^whsec_/)
      .first()
      .textContent()) ?? '';
  await shown.getByRole('button', { name: 'I have stored it' }).click();

  const { app } = await pipelineOf(api, {
    name: 'on-push',
    stages: [wait('one')],
    triggers: [{ id: 'main', type: 'git', config: { source, branches: ['main'] } }],
  });
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
    repository: { full_name: 'shop/x' },
  });
  const send = () =>
    fetch(`${stack.url}/api/webhooks/${source}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': source,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    });
  expect((await Promise.all([send(), send(), send()])).map(({ status }) => status)).toEqual([202, 202, 202]);
  const deliveries = page.getByRole('region', { name: 'List of deliveries' });
  await expect(
    deliveries.getByRole('row').filter({ hasText: source }).filter({ hasText: 'started' }),
  ).toHaveCount(1);

  await page.goto(`${stack.url}/applications/${app.name}/pipelines/on-push?tab=triggers`);
  await page.getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByRole('button', { name: 'Turn on' })).toBeVisible();
  const { items } = await api.must<{ items: { enabled: boolean; firedAt: string | null }[] }>(
    'GET',
    `/api/v1/triggers?application=${app.name}`,
  );
  expect(items).toMatchObject([{ enabled: false, firedAt: expect.any(String) }]);
});
