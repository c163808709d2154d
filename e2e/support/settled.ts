import { expect, type Page } from '@playwright/test';

/** Waits until the page shows its data: no placeholder is left, and what it draws has been painted. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('main')).toBeVisible();
  await expect(page.locator('[aria-busy="true"], .animate-shimmer')).toHaveCount(0);
  await page.waitForLoadState('load');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
