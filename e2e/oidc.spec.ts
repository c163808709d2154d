import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Stack, startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { TestApplication } from '@/e2e/support/application';
import { OidcIssuer } from '@/e2e/support/oidc-issuer';
import { signIn } from '@/e2e/support/sign-in';
import { findFreePort } from '@/server/supervisor/ports';

let issuer: OidcIssuer;
let stack: Stack;
let api: Api;
/** Of the local admin. */
let admin: Page;

test.beforeAll(async ({ browser }) => {
  const port = await findFreePort();
  issuer = await OidcIssuer.start(`http://localhost:${port}`);
  stack = await startStack({ demo: false, port, env: issuer.env });
  api = await Api.ofCliFile(stack.cliFile);
  admin = await browser.newPage();
  await signIn(admin, stack.url, 'admin', stack.adminPassword ?? '');
});

test.afterAll(async () => {
  await admin?.close();
  await stack?.stop();
  await issuer?.stop();
});

const BUTTON = 'Continue with single sign-on';

/** From the product's sign-in page to the issuer's. */
async function goToIssuer(page: Page): Promise<void> {
  await page.goto(`${stack.url}/signin`);
  await page.getByRole('button', { name: BUTTON }).click();
  await expect(page.getByRole('heading', { name: 'Who are you?' })).toBeVisible();
}

async function comeAs(page: Page, login: string): Promise<void> {
  await goToIssuer(page);
  await page.getByLabel('Login').fill(login);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${stack.url}/**`);
}

/** Someone's next visit: neither the product nor the issuer remembers them. */
async function comeAgainAs(page: Page, login: string): Promise<void> {
  // An open page would notice that its session is gone, and go to the sign-in page at the same moment.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await comeAs(page, login);
}

/** What the product answers when this browser's person asks for something. */
async function ask(page: Page, procedure: string, input: object): Promise<number> {
  const answer = await page.request.post(`${stack.url}/api/trpc/${procedure}`, {
    headers: { origin: stack.url },
    data: { json: input },
  });
  return answer.status();
}

function alertOf(page: Page) {
  return page.getByRole('alert').filter({ hasText: /./ });
}

/** The product's own address, not the issuer's, and nobody signed in. */
async function expectStillOutside(page: Page, sentence: RegExp): Promise<void> {
  await expect(alertOf(page)).toContainText(sentence);
  await expect(page).toHaveURL(/\/signin\?/);
  await page.goto(stack.url);
  await expect(page).toHaveURL(/\/signin/);
}

/** Lets the issuer see another value than the product chose. */
async function exchange(page: Page, parameter: string): Promise<void> {
  await page.route(
    ({ origin, pathname }) => origin === issuer.url && pathname === '/auth',
    async (route) => {
      const url = new URL(route.request().url());
      expect(url.searchParams.get(parameter)).toBeTruthy();
      // As long as a challenge has to be.
      url.searchParams.set(parameter, 'x'.repeat(43));
      await route.continue({ url: url.href });
    },
  );
}

test('the roles that the issuer names decide who may judge a gate', async ({ page }) => {
  issuer.knows('rita', { name: 'Rita Release', roles: ['releaseManager'] });
  issuer.knows('egon', { name: 'Egon Engineer', roles: ['engineer'] });
  const app = await TestApplication.create(api, { environments: [] });
  const id = await app.deploy('prod', '1.0.0');
  await app.atGate(id);
  const decide = page.getByTestId('evidence-card').getByRole('button', { name: /^Continue/ });

  await comeAs(page, 'egon');
  await expect(page).toHaveURL(`${stack.url}/`);
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Signed in as Egon Engineer' })).toBeVisible();
  await page.goto(`${stack.url}/executions/${id}`);
  await expect(decide).toBeDisabled();
  const judgment = { executionId: id, refId: 'approve', decision: 'stop' };
  expect(await ask(page, 'judgments.decide', judgment)).toBe(403);

  await comeAgainAs(page, 'rita');
  await page.goto(`${stack.url}/executions/${id}`);
  await expect(decide).toBeEnabled();
  expect(await ask(page, 'judgments.decide', judgment)).toBe(200);
  expect((await app.end(id)).status).not.toBe('succeeded');
});

test('sign-in leads to the page that was asked for', async ({ page }) => {
  issuer.knows('wanda', { name: 'Wanda Way', roles: ['engineer'] });
  await page.goto(`${stack.url}/artifacts?q=x`);
  await page.getByRole('button', { name: BUTTON }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  // Also after an attempt that led nowhere.
  await expect(alertOf(page)).toBeVisible();
  await page.getByRole('button', { name: BUTTON }).click();
  await page.getByLabel('Login').fill('wanda');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${stack.url}/artifacts?q=x`);
});

test('someone without a role is told so, can do nothing, and can go on once they have one', async ({
  page,
}) => {
  issuer.knows('nora', { name: 'Nora Newcomer', roles: ['janitor'] });
  await comeAs(page, 'nora');
  await expect(alertOf(page)).toContainText('Nora Newcomer, you are signed in, but');
  await page.goto(`${stack.url}/applications`);
  await expect(alertOf(page)).toContainText(/role/);
  expect(await ask(page, 'tokens.create', { name: 'x', scopes: ['read'] })).toBe(403);
  expect(await ask(page, 'users.create', { username: 'mallory', displayName: 'M', roles: ['admin'] })).toBe(
    403,
  );
  expect(
    (await page.request.get(`${stack.url}/api/trpc/board.get?input=%7B%22json%22%3A%7B%7D%7D`)).status(),
  ).toBe(403);

  issuer.knows('nora', { name: 'Nora Newcomer', roles: ['productOwner'] });
  await comeAgainAs(page, 'nora');
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  expect(await rolesOf('nora')).toEqual(['productOwner']);
});

test('roles that the issuer says nothing about are given here, and stay', async ({ page }) => {
  issuer.knows('hans', { name: 'Hans Here' });
  await comeAs(page, 'hans');
  await expect(alertOf(page)).toContainText(/role/);
  expect(await ask(admin, 'users.setRoles', { userId: await idOf('hans'), roles: ['engineer'] })).toBe(200);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  await comeAgainAs(page, 'hans');
  expect(await rolesOf('hans')).toEqual(['engineer']);
});

test('roles taken away at the issuer are gone at the next sign-in', async ({ page }) => {
  issuer.knows('paul', { name: 'Paul Past', roles: ['admin', 'releaseManager'] });
  await comeAs(page, 'paul');
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  expect(await rolesOf('paul')).toEqual(['admin', 'releaseManager']);
  issuer.knows('paul', { name: 'Paul Past', roles: [] });
  await comeAgainAs(page, 'paul');
  await expect(alertOf(page)).toContainText(/role/);
  expect(await rolesOf('paul')).toEqual([]);
});

test('a disabled person is put out, cannot come in again, and is told whom to ask', async ({ page }) => {
  issuer.knows('dana', { name: 'Dana Disabled', roles: ['engineer'] });
  await comeAs(page, 'dana');
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  expect(await ask(admin, 'users.setDisabled', { userId: await idOf('dana'), disabled: true })).toBe(200);
  expect(await ask(page, 'tokens.create', { name: 'x', scopes: ['read'] })).toBe(401);
  await comeAgainAs(page, 'dana');
  await expectStillOutside(page, /may not use Signalbox.*administrator/);
});

test('a person without an account at the issuer does not become anyone here', async ({ page }) => {
  await goToIssuer(page);
  await page.getByLabel('Login').fill('nobody');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(new RegExp(`^${stack.url}/$`));
  await page.goto(stack.url);
  await expect(page).toHaveURL(/\/signin/);
});

test('cancelling at the issuer is said as what it is', async ({ page }) => {
  await goToIssuer(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expectStillOutside(page, /did not let you in, or you cancelled/);
});

for (const parameter of ['state', 'nonce', 'code_challenge']) {
  test(`an answer with another ${parameter} is not accepted`, async ({ page }) => {
    issuer.knows('max', { name: 'Max Mix', roles: ['admin'] });
    await exchange(page, parameter);
    await comeAs(page, 'max');
    await expectStillOutside(page, /Single sign-on did not work/);
    expect(await userOf('max')).toBeUndefined();
  });
}

test('an answer that this browser did not ask for is not accepted', async ({ page }) => {
  await page.goto(`${stack.url}/api/auth/callback/oidc?code=stolen&state=made-up`);
  await expectStillOutside(page, /Single sign-on did not work/);
});

test('the client secret is in no page, no answer and no log', async ({ page }) => {
  issuer.knows('sven', { name: 'Sven Secret', roles: ['admin'] });
  const seen: string[] = [];
  const bodies: Promise<unknown>[] = [];
  page.context().on('response', (response) => {
    seen.push(response.url(), JSON.stringify(response.headers()));
    // An open event stream has no end, and a redirect no body.
    if (response.headers()['content-type']?.startsWith('text/event-stream')) return;
    bodies.push(
      response.text().then(
        (text) => seen.push(text),
        () => undefined,
      ),
    );
  });
  await comeAs(page, 'sven');
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  await page.goto(`${stack.url}/settings`);
  await expect(page.getByText('Sven Secret').first()).toBeVisible();
  for (const door of [
    '/api/auth/providers',
    '/api/auth/session',
    '/api/health',
    '/metrics',
    '/api/openapi.json',
  ]) {
    seen.push(await (await page.request.get(`${stack.url}${door}`)).text());
  }
  await page.goto('about:blank');
  await Promise.all(bodies);
  expect(seen.join('\n')).toContain('Continue with single sign-on');
  expect(seen.join('\n')).toContain('/api/auth/callback/oidc');
  expect(seen.filter((text) => text.includes(issuer.secret))).toEqual([]);

  const logs = path.join(stack.dataDir, 'logs');
  const written = readdirSync(logs).map((file) => readFileSync(path.join(logs, file), 'utf8'));
  expect(written.join('\n')).toContain('OAUTH_CALLBACK_ERROR');
  expect(written.filter((text) => text.includes(issuer.secret))).toEqual([]);
});

// Last: it takes the issuer away.
test('an issuer that cannot be reached is said in a sentence, and the password still works', async ({
  page,
}) => {
  await page.goto(`${stack.url}/signin`);
  await issuer.stop();
  await page.getByRole('button', { name: BUTTON }).click();
  await expectStillOutside(page, /Single sign-on did not work/);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(stack.adminPassword ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
});

interface ListedUser {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly string[];
}

async function userOf(username: string): Promise<ListedUser | undefined> {
  const { items } = await api.must<{ items: ListedUser[] }>('GET', '/api/v1/users');
  return items.find((user) => user.username === username);
}

async function rolesOf(username: string): Promise<readonly string[]> {
  return (await userOf(username))?.roles ?? [];
}

async function idOf(username: string): Promise<string> {
  return (await userOf(username))?.id ?? '';
}
