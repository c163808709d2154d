import type { KubernetesApi } from '@/server/providers/kubernetes/client/api';

/** How often the API server is asked for a sign of life while nobody suspects anything, in ms. */
const PULSE_MS = 4_000;
/** One that does not answer is asked once more after so long: it may just be restarting. In ms. */
const AGAIN_MS = 1_000;

/**
 * Notices that the cluster is lost: watches that stand say nothing of a server that hangs, and those that broke
 * are tried again for ever.
 */
export class Pulse {
  private wake: (() => void) | null = null;

  constructor(private readonly api: KubernetesApi) {}

  /** Something broke: the server is asked now. */
  suspect(): void {
    this.wake?.();
  }

  /**
   * Returns when the signal aborts.
   * @throws ProviderError `unavailable` when the API server does not answer twice in a row.
   */
  async feel(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sleep(PULSE_MS, signal);
      try {
        await this.api.ping(signal);
      } catch {
        // Not to be woken: it needs the time.
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        if (!signal.aborted) await this.api.ping(signal);
      }
    }
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }
}
