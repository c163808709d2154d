interface Lane<T> {
  /** What is being computed now. */
  current: Promise<T>;
  /** What starts after it, for everyone who came meanwhile. */
  next: Promise<T> | undefined;
}

/**
 * Lets many callers share a costly read. Per key at most one computation runs; those who come
 * meanwhile share the one after it. So each gets an answer that was begun after it asked, never an
 * older one, and a crowd costs no more than one caller after another.
 */
export class Coalescer<T> {
  private readonly lanes = new Map<string, Lane<T>>();

  run(key: string, compute: () => Promise<T>): Promise<T> {
    const lane = this.lanes.get(key);
    if (!lane) return this.begin(key, compute);
    lane.next ??= lane.current.then(
      () => this.begin(key, compute),
      () => this.begin(key, compute),
    );
    return lane.next;
  }

  private begin(key: string, compute: () => Promise<T>): Promise<T> {
    const current = compute();
    const lane: Lane<T> = { current, next: undefined };
    this.lanes.set(key, lane);
    const leave = () => {
      if (this.lanes.get(key) === lane && !lane.next) this.lanes.delete(key);
    };
    current.then(leave, leave);
    return current;
  }
}
