/** Rung by those who change something, awaited by the one who tells of it; carries the first failure of theirs. */
export class Bell {
  private failure: { readonly error: unknown } | null = null;
  private wake: (() => void) | null = null;
  isReady = false;

  ring(): void {
    this.wake?.();
  }

  ready(): void {
    this.isReady = true;
    this.ring();
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.ring();
  }

  /** Returns when the condition holds or the signal aborts. @throws what failed. */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    const onAbort = () => this.ring();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        if (this.failure) throw this.failure.error;
        if (condition()) return;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      this.wake = null;
      signal.removeEventListener('abort', onAbort);
    }
  }
}
