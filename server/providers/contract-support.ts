import type { Operation } from '@/server/providers/provider';

/** Longest time a platform may take to bring an accepted change about. */
export const EFFECT = { timeout: 30_000, interval: 50 };

let counter = 0;
/** An operation that nobody has performed yet. */
export function operation(fence = 1): Operation {
  return { id: `contract-${process.pid}-${Date.now()}-${counter++}`, fence };
}
