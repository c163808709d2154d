import { setTimeout as sleep } from 'node:timers/promises';

const hoard = [];
let hoarded = 0;

/**
 * What is wrong with a release: `latencyMs: [from, to]` on every answer, `errorRate` 0..1, and
 * `leakBytes` kept per request up to `leakCapBytes`. A release without a fault has none of it.
 * @returns a function that makes one request suffer and tells whether it failed.
 */
export function faultOf(fault) {
  if (!fault) return () => Promise.resolve(false);
  const [from, to] = fault.latencyMs;
  return async () => {
    leak(fault);
    await sleep(from + Math.random() * (to - from));
    return Math.random() < fault.errorRate;
  };
}

function leak({ leakBytes, leakCapBytes }) {
  if (hoarded >= leakCapBytes) return;
  // Filled, because pages that were never written to cost no memory.
  hoard.push(Buffer.alloc(leakBytes, 1));
  hoarded += leakBytes;
}
