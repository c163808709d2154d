import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesApi } from '@/server/providers/kubernetes/client/api';

/** How often the API server is asked for a sign of life, in ms. */
const PULSE_MS = 4_000;
/** One that does not answer is asked once more after so long: it may just be restarting. In ms. */
const AGAIN_MS = 1_000;

/**
 * Returns when the signal aborts. Watches that stand say nothing of a server that hangs, and those that broke are
 * tried again for ever: this is what notices that the cluster is lost.
 * @throws ProviderError `unavailable` when the API server does not answer twice in a row.
 */
export async function feelPulse(api: KubernetesApi, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(PULSE_MS, undefined, { signal }).catch(() => undefined);
    try {
      await api.ping(signal);
    } catch {
      if (signal.aborted) return;
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await api.ping(signal);
    }
  }
}
