import type { Page } from '@playwright/test';
import { pause } from '@/bench/support/statistics';

/** What a page is to show, told by an element and a text that one of its attributes, or it itself, then has. */
export interface Wanted {
  readonly selector: string;
  /** Absent: the element's text. */
  readonly attribute?: string;
  readonly text: string;
}

/** A page that shows it later than this does not show it by itself, in ms. */
const LONGEST_MS = 30_000;

/** Milliseconds from `change` being sent until the page's document shows what is wanted, by the machine's one clock. @throws Error */
export async function untilShown(page: Page, wanted: Wanted, change: () => Promise<void>): Promise<number> {
  const shown = await page.evaluateHandle(watchFor, wanted);
  const since = Date.now();
  await change();
  const at = await Promise.race([
    shown.evaluate((watched) => watched.at),
    pause(LONGEST_MS).then(() => null),
  ]);
  if (at === null) throw new Error(`the page never showed ${JSON.stringify(wanted)}`);
  await shown.dispose();
  return at - since;
}

/** Runs in the page. The promise is wrapped, for else the handle would wait for it. */
function watchFor({ selector, attribute, text }: Wanted): { at: Promise<number> } {
  const at = new Promise<number>((resolve) => {
    const look = () => {
      const element = document.querySelector(selector);
      const has = attribute === undefined ? element?.textContent : element?.getAttribute(attribute);
      if (!has?.includes(text)) return;
      observer.disconnect();
      resolve(Date.now());
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    look();
  });
  return { at };
}
