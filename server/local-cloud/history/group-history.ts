import { addDuration, type DurationCounts, mergeDurations } from '@/server/local-cloud/history/durations';

export const KEPT_SECONDS = 3_600;

/** What one server group did in a span of time. Null: nobody was there to measure. */
export interface Span {
  requests: number | null;
  /** Of the requests, those answered with 500 or above. */
  errors: number | null;
  /** Of the requests answered below 400: how long they took. */
  durations: DurationCounts;
  /** Resident memory of the largest instance. */
  memoryBytes: number | null;
  /** Healthy ones, at the least of the looks. */
  healthyInstances: number | null;
}

/** The last hour of a server group second by second, in a ring. */
export class GroupHistory {
  readonly #requests = new Uint32Array(KEPT_SECONDS);
  readonly #errors = new Uint32Array(KEPT_SECONDS);
  readonly #durations: (DurationCounts | undefined)[] = Array.from({ length: KEPT_SECONDS });
  /** NaN where nobody looked. */
  readonly #memory = new Float64Array(KEPT_SECONDS).fill(Number.NaN);
  readonly #healthy = new Float64Array(KEPT_SECONDS).fill(Number.NaN);
  #last: number;

  /** @param second since 1970, with which it begins. */
  constructor(second: number) {
    this.#last = second;
  }

  /** The latest second that it knows of. */
  get lastSecond(): number {
    return this.#last;
  }

  requestEnded(second: number, status: number, durationSeconds: number): void {
    const slot = this.#slot(second);
    if (slot === null) return;
    this.#requests[slot] = (this.#requests[slot] ?? 0) + 1;
    if (status >= 500) this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
    if (status >= 400) return;
    const durations: DurationCounts = this.#durations[slot] ?? new Map<number, number>();
    addDuration(durations, durationSeconds);
    this.#durations[slot] = durations;
  }

  looked(second: number, memoryBytes: number | null, healthyInstances: number): void {
    const slot = this.#slot(second);
    if (slot === null) return;
    this.#memory[slot] = memoryBytes ?? Number.NaN;
    this.#healthy[slot] = healthyInstances;
  }

  /** From `from` up to `until`, without it. */
  span(from: number, until: number): Span {
    const span: Span = {
      requests: null,
      errors: null,
      durations: new Map(),
      memoryBytes: null,
      healthyInstances: null,
    };
    const oldest = this.#last - KEPT_SECONDS + 1;
    for (let second = Math.max(from, oldest); second < Math.min(until, this.#last + 1); second++) {
      this.#addTo(span, second % KEPT_SECONDS);
    }
    return span;
  }

  #addTo(span: Span, slot: number): void {
    const requests = this.#requests[slot] ?? 0;
    const healthy = this.#healthy[slot] ?? Number.NaN;
    const memory = this.#memory[slot] ?? Number.NaN;
    const durations = this.#durations[slot];
    if (requests > 0 || !Number.isNaN(healthy)) {
      span.requests = (span.requests ?? 0) + requests;
      span.errors = (span.errors ?? 0) + (this.#errors[slot] ?? 0);
    }
    if (durations) mergeDurations(span.durations, durations);
    if (!Number.isNaN(memory)) span.memoryBytes = Math.max(span.memoryBytes ?? 0, memory);
    if (!Number.isNaN(healthy)) span.healthyInstances = Math.min(span.healthyInstances ?? healthy, healthy);
  }

  /** Makes room up to this second. Null when it is too long ago: the clock was set back. */
  #slot(second: number): number | null {
    if (second <= this.#last - KEPT_SECONDS) return null;
    for (let next = Math.max(this.#last + 1, second - KEPT_SECONDS + 1); next <= second; next++) {
      const slot = next % KEPT_SECONDS;
      this.#requests[slot] = 0;
      this.#errors[slot] = 0;
      this.#durations[slot] = undefined;
      this.#memory[slot] = Number.NaN;
      this.#healthy[slot] = Number.NaN;
    }
    this.#last = Math.max(this.#last, second);
    return second % KEPT_SECONDS;
  }
}
