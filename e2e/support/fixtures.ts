import { test as base } from '@playwright/test';
import { type SharedStack, sharedStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { signIn } from '@/e2e/support/sign-in';

/** The running product that all specs share, its REST door, and a page signed in as its admin. */
export const test = base.extend<{ stack: SharedStack; api: Api; signedIn: void }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the first parameter's pattern
  stack: async ({}, use) => use(sharedStack()),
  api: async ({ stack }, use) => use(await Api.ofCliFile(stack.cliFile)),
  signedIn: async ({ page, stack }, use) => {
    await signIn(page, stack.url, 'admin', stack.adminPassword);
    await use();
  },
});
export { expect } from '@playwright/test';
