export interface Rate {
  readonly perSecond: number;
  /** As many at once, after a pause. */
  readonly burst: number;
}

interface Bucket {
  left: number;
  /** Milliseconds of a clock that never goes back. */
  at: number;
}

/** Token buckets, counted in this process. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Zero when the request may pass; otherwise the whole seconds to wait. */
  admit(key: string, rate: Rate): number {
    const at = this.now();
    const bucket = this.#buckets.get(key) ?? { left: rate.burst, at };
    bucket.left = Math.min(rate.burst, bucket.left + ((at - bucket.at) / 1_000) * rate.perSecond);
    bucket.at = at;
    this.#buckets.set(key, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / rate.perSecond));
    bucket.left -= 1;
    return 0;
  }
}
