/** Below the time that a call to a platform may take, so that its own sentence is heard. */
const PATIENCE_MS = 10_000;

/**
 * Runs a wait that ends by itself after a while.
 * @returns what it came to; null when time was over.
 */
export async function inTime<T>(
  wait: (signal: AbortSignal) => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T | null> {
  const signal = AbortSignal.timeout(patienceMs);
  try {
    return await wait(signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
