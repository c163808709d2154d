'use client';

import { useSyncExternalStore } from 'react';

/** One timer for every ticking text on the page, whatever their number. */
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The time in ms, rounded down to `every` ms (which may depend on the time itself), so that a
 * component renders again only when its text can change.
 */
export function useNow(every: number | ((now: number) => number) = 1000): number {
  const read = () => {
    // Without listeners nothing ticks, so the first read after a pause would be old.
    if (listeners.size === 0) now = Date.now();
    const step = typeof every === 'number' ? every : every(now);
    return Math.floor(now / step) * step;
  };
  return useSyncExternalStore(subscribe, read, read);
}
