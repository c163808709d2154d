const PER_MINUTE = 600;
const MINUTE_MS = 60_000;

/** Keeps one sender gone wild from taking the place of all others. Counted in this process. */
export class SourceLimit {
  private readonly windows = new Map<string, { since: number; count: number }>();

  admit(source: string, now: Date): boolean {
    const known = this.windows.get(source);
    const window =
      known && now.getTime() - known.since < MINUTE_MS ? known : { since: now.getTime(), count: 0 };
    window.count += 1;
    this.windows.set(source, window);
    return window.count <= PER_MINUTE;
  }
}
