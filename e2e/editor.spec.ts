import type { Page } from '@playwright/test';
import { TestApplication } from '@/e2e/support/application';
import { expect, test } from '@/e2e/support/fixtures';
import { signIn } from '@/e2e/support/sign-in';

/** The text of the JSON tab, whole. */
const json = (page: Page) => page.getByRole('textbox', { name: 'The pipeline as JSON' });

async function addStage(page: Page, type: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a stage' }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^${type}`) })
    .click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: new RegExp(`^${field}`) }).click();
  await page.getByRole('option', { name: option }).click();
}

/** Pulls a line from one card of the graph to another. */
async function pull(page: Page, from: string, to: string): Promise<void> {
  const node = (name: string) => page.locator('.react-flow__node').filter({ hasText: name });
  const middle = async (handle: ReturnType<Page['locator']>) => {
    const box = await handle.boundingBox();
    if (!box) throw new Error('a handle is not to be seen');
    return [box.x + box.width / 2, box.y + box.height / 2] as const;
  };
  await page.mouse.move(...(await middle(node(from).locator('.react-flow__handle-right'))));
  await page.mouse.down();
  await page.mouse.move(...(await middle(node(to).locator('.react-flow__handle-left'))), { steps: 8 });
  await page.mouse.up();
}

/** Writes a text into the JSON tab as a person would paste it. */
async function paste(page: Page, text: string): Promise<void> {
  await json(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

test('a pipeline is built in the browser from nothing, saved, run, and succeeds', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api);
  await page.goto(`${stack.url}/applications/${app.name}?tab=pipelines`);
  await page.getByRole('link', { name: 'New pipeline' }).click();
  await page.getByLabel('Name of the pipeline').fill('built-here');
  await page.getByRole('button', { name: /^Empty/ }).click();

  await addStage(page, 'Find artifact');
  await choose(page, 'Environment', 'staging');
  await addStage(page, 'Wait');
  await page.getByRole('spinbutton', { name: /^How long/ }).fill('1');
  await addStage(page, 'Deploy');
  await expect(page.getByRole('heading', { name: '2 fields to fill in' })).toBeVisible();
  await page.getByRole('button', { name: /^Deploy › Strategy/ }).click();
  await expect(page.getByRole('combobox', { name: /^Strategy/ })).toBeFocused();
  await choose(page, 'Strategy', 'Highlander');
  await choose(page, 'Environment', 'staging');
  await expect(page.getByRole('status').filter({ hasText: 'No problems' })).toBeAttached();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('revision 1', { exact: true })).toBeVisible();

  const saved = await api.must<{ definition: { stages: { type: string; requires: string[] }[] } }>(
    'GET',
    `/api/v1/applications/${app.name}/pipelines/built-here`,
  );
  expect(saved.definition.stages.map(({ type, requires }) => [type, requires])).toEqual([
    ['findArtifact', []],
    ['wait', ['findArtifact']],
    ['deploy', ['wait']],
  ]);
  await page.getByRole('button', { name: 'Run…' }).click();
  await page.getByRole('button', { name: 'Run the pipeline' }).click();
  await page.waitForURL(/\/executions\/[0-9a-f-]{36}/);
  await app.finish(new URL(page.url()).pathname.split('/').pop() ?? '');
  await expect(page.getByText('succeeded').first()).toBeVisible();
});

test('the focus stays where people type, and goes where they go on', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: [] });
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod/edit`);
  const name = page.getByRole('textbox', { name: /^Name/ });
  const reference = page.getByRole('textbox', { name: /^Reference/ });
  await reference.fill('ask');
  await reference.press('Shift+Tab');
  await expect(name).toBeFocused();
  await page.keyboard.type('Ask them');
  await expect(name).toHaveValue('Ask them');
  await expect(reference).toHaveValue('ask');
  await reference.fill('ask-again');
  await name.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' again');
  await expect(name).toHaveValue('Ask them again');

  await page.getByRole('button', { name: 'Add a stage' }).click();
  await page.getByLabel('Find').fill('script');
  await page.getByLabel('Find').press('Enter');
  await expect(name).toBeFocused();
  await expect(name).toHaveValue('Run job');
  // What nobody has come to yet is said, but not as an error.
  await expect(page.getByRole('heading', { name: /fields? to fill in$/ })).toBeVisible();
  await expect(page.getByRole('combobox', { name: /^Environment/ })).not.toHaveAttribute('aria-invalid');
  await page.getByRole('button', { name: 'Environment: expression' }).click();
  await page.keyboard.type('parameters.place');
  await expect(page.getByRole('combobox', { name: /^Environment/ })).toHaveValue('parameters.place');

  await page.goto(`${stack.url}/applications/${app.name}/new-pipeline`);
  await page.getByLabel('Name of the pipeline').fill('begun');
  await page.getByRole('button', { name: /^Empty/ }).click();
  await expect(page.getByRole('heading', { name: 'begun' }).locator('span')).toBeFocused();
});

test('text that cannot be read says where, and the last graph that could stays', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: [] });
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod/edit`);
  const cards = page.locator('.react-flow__node');
  await expect(cards).toHaveCount(2);

  await page.getByRole('tab', { name: 'JSON' }).click();
  await paste(page, '{\n  "name": "deploy-prod",\n  "stages": [\n}');
  await expect(page.getByText(/Line 4, column \d+: This is not JSON\./)).toBeVisible();
  await page.getByRole('tab', { name: 'Stages' }).click();
  await expect(cards).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByRole('button', { name: 'Drop the text' }).click();

  await page.getByRole('tab', { name: 'JSON' }).click();
  const wait = {
    refId: 'wait',
    type: 'wait',
    name: 'Wait',
    config: { seconds: 1, minutes: '${parameters.x}' },
  };
  await paste(page, JSON.stringify({ name: 'deploy-prod', stages: [wait] }));
  await expect(page.getByText('there is no parameter "x"; there are none').first()).toBeVisible();
  await page.getByRole('tab', { name: /^Stages/ }).click();
  await expect(cards).toHaveCount(1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(cards).toHaveCount(2);
});

test('stages are put in order by keyboard and by mouse, a circle is refused with a sentence, undo brings back', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: [] });
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod/edit`);
  const card = (name: string) => page.locator('.react-flow__node').getByRole('button', { name });
  const edges = page.locator('.react-flow__edge');
  await expect(edges).toHaveCount(1);
  await card('Deploy to prod').click();
  await page.getByRole('button', { name: 'Do not run after Approve' }).press('Enter');
  await expect(edges).toHaveCount(0);

  await page.getByRole('combobox', { name: 'Run after another stage' }).press('Enter');
  await page.keyboard.press('Enter');
  await expect(edges).toHaveCount(1);

  // What comes after it is not offered; whoever pulls a line anyway is told why not.
  await pull(page, 'Deploy to prod', 'Approve');
  await expect(page.getByText(/Approve cannot run after Deploy to prod/)).toBeVisible();
  await expect(edges).toHaveCount(1);
  await card('Approve').click();
  await expect(page.getByRole('combobox', { name: 'Run after another stage' })).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(edges).toHaveCount(0);
  await expect(page.getByText('not saved')).toBeVisible();

  await pull(page, 'Approve', 'Deploy to prod');
  await expect(edges).toHaveCount(1);
  await page.getByRole('button', { name: 'Deploy to prod no longer runs after Approve' }).press('Enter');
  await expect(edges).toHaveCount(0);
});

test('of two editors the second is shown what the first saved, and chooses', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: [] });
  const path = `/api/v1/applications/${app.name}/pipelines/deploy-prod`;
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod/edit`);
  await page.getByRole('textbox', { name: /^Name/ }).fill('Mine');
  await expect(page.getByText('not saved')).toBeVisible();

  const { definition } = await api.must<{ definition: Record<string, unknown> }>('GET', path);
  await api.must('PUT', path, { ...definition, description: 'Theirs' });
  await expect(page.getByText(/saved revision 2 while you were editing/)).toBeVisible();

  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Someone else saved this pipeline first' });
  await expect(dialog).toContainText('Theirs');
  await expect(dialog).toContainText('Mine');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(page.getByText('revision 3', { exact: true })).toBeVisible();

  await page.getByRole('link', { name: 'Close' }).click();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'Revisions' }).getByRole('listitem')).toHaveCount(3);
  await page.getByRole('button', { name: /^Revision 1/ }).click();
  await page.getByRole('link', { name: 'Restore in the editor…' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('revision 4', { exact: true })).toBeVisible();
  const restored = await api.must<{ definition: unknown }>('GET', path);
  expect(restored.definition).toEqual(definition);
});

test('nobody loses changes by following a link', async ({ page, stack, api, signedIn: _ }) => {
  const app = await TestApplication.create(api, { environments: [] });
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod/edit`);
  await page.getByRole('textbox', { name: /^Name/ }).fill('Changed');
  await page.getByRole('link', { name: 'Board' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveValue('Changed');
  await page.getByRole('link', { name: 'Board' }).first().click();
  await dialog.getByRole('button', { name: 'Leave, lose the changes' }).click();
  await expect(page).toHaveURL(`${stack.url}/`);
});

test('those who may not change pipelines only look', async ({ page, stack, api }) => {
  const app = await TestApplication.create(api, { environments: [] });
  const username = `po-${app.name}`;
  const { password } = await api.must<{ password: string }>('POST', '/api/v1/users', {
    username,
    displayName: 'Pia Product',
    roles: ['productOwner'],
  });
  await signIn(page, stack.url, username, password);
  await page.goto(`${stack.url}/applications/${app.name}/pipelines/deploy-prod`);
  await page.getByRole('link', { name: 'Open in the editor' }).click();
  await expect(page.getByText('read only')).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveJSProperty('readOnly', true);
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add a stage' })).toBeDisabled();
  await expect(page.getByText('Pull a line')).toHaveCount(0);
  await expect(page.getByText('it can be saved')).toHaveCount(0);

  // The buttons are not the guard: the procedure refuses as well.
  const answer = await page.request.post(`${stack.url}/api/trpc/pipelines.import`, {
    headers: { origin: stack.url },
    data: {
      json: {
        application: app.name,
        definition: { name: 'x', stages: [{ refId: 'a', type: 'wait', name: 'a', config: { seconds: 1 } }] },
      },
    },
  });
  expect(answer.status()).toBe(403);
});

test('a pipeline of Spinnaker comes in with a report of every part, on a phone as well', async ({
  page,
  stack,
  api,
  signedIn: _,
}) => {
  const app = await TestApplication.create(api, { environments: [] });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stack.url}/applications/${app.name}/new-pipeline`);
  await page.getByLabel('Name of the pipeline').fill('brought');
  await page.getByRole('button', { name: 'Import…' }).click();
  const wait = { refId: '1', type: 'wait', name: 'Breathe', waitTime: 1, requisiteStageRefIds: [] };
  const odd = { refId: '2', type: 'jenkins', name: 'Build', job: 'x', requisiteStageRefIds: ['1'] };
  await page
    .getByLabel('Or paste it here')
    .fill(JSON.stringify({ application: 'shop', name: 'Theirs', stages: [wait, odd], triggers: [] }));
  await page.getByRole('button', { name: 'Bring it in' }).click();
  const report = page.getByRole('dialog', { name: /^What becomes of/ });
  await expect(report.getByRole('listitem').filter({ hasText: 'Breathe' }).first()).toContainText(
    'converted',
  );
  await expect(report.getByRole('listitem').filter({ hasText: 'Build' }).first()).toContainText(
    'no equivalent',
  );
  await report.getByRole('button', { name: 'Bring it in' }).click();

  const stages = page.getByRole('list', { name: 'Stages' });
  await expect(stages.getByRole('listitem')).toHaveCount(2);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('revision 1', { exact: true })).toBeVisible();
});
