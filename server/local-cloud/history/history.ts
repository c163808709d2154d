import type { GroupLabels } from '@/server/local-cloud/balancer/rotation';
import type { ServedVariant } from '@/server/local-cloud/balancer/variants';
import { BUCKET_GROWTH } from '@/server/local-cloud/history/durations';
import { GroupHistory, KEPT_SECONDS, type Span } from '@/server/local-cloud/history/group-history';
import { VariantHistory } from '@/server/local-cloud/history/variant-history';
import type { GroupFacts } from '@/server/local-cloud/metrics';

const LOOK_EVERY_MS = 1_000;

export interface Steps {
  /** Seconds since 1970; the end is not included. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface GroupRangeRequest extends Steps {
  readonly serverGroup: string;
  /** Null: every region that has a group of this name. */
  readonly region: string | null;
}

export interface VariantRangeRequest extends Steps, ServedVariant {
  readonly cluster: string;
}

export type RangeRequest = GroupRangeRequest | VariantRangeRequest;

export interface RangeView {
  /** Nothing before it is known: a restart of the platform forgets. Milliseconds since 1970. */
  readonly sinceMs: number;
  /** Bucket i has the durations above growth^(i−1) up to growth^i seconds. */
  readonly bucketGrowth: number;
  readonly groups: readonly GroupRange[];
}

/** One value for each step, of a server group or of a variant, which has no region; null where nobody measured, and for a step that is not over. */
export interface GroupRange {
  readonly region: string;
  readonly serverGroup: string;
  readonly requests: readonly (number | null)[];
  readonly errors: readonly (number | null)[];
  /** Bucket and count, by bucket. */
  readonly durations: readonly (readonly (readonly [number, number])[])[];
  readonly memoryBytes: readonly (number | null)[];
  readonly healthyInstances: readonly (number | null)[];
}

/**
 * The last hour of every server group, second by second, for comparisons of one with another. Only in memory: it is
 * for a laptop, where a restart may forget.
 */
export class History {
  readonly #groups = new Map<string, { labels: GroupLabels; history: GroupHistory }>();
  readonly #variants = new VariantHistory();
  readonly #now: () => number;
  readonly #sinceMs: number;

  /** @param now milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#sinceMs = now();
  }

  requestEnded(
    labels: GroupLabels,
    status: number,
    durationSeconds: number,
    variants: readonly ServedVariant[] = [],
  ): void {
    const second = this.#second();
    this.#of(labels).requestEnded(second, status, durationSeconds);
    for (const variant of variants)
      this.#variants.requestEnded(labels.cluster, variant, second, status, durationSeconds);
  }

  /** Takes down how the instances are, and forgets groups that have been gone for an hour. */
  look(facts: readonly GroupFacts[]): void {
    const second = this.#second();
    for (const { labels, instances } of facts) {
      const memory = instances.flatMap((one) => one.memoryBytes ?? []);
      const healthy = instances.filter((one) => one.health === 'healthy').length;
      this.#of(labels).looked(second, memory.length > 0 ? Math.max(...memory) : null, healthy);
    }
    for (const [key, { history }] of this.#groups) {
      if (history.lastSecond < second - KEPT_SECONDS) this.#groups.delete(key);
    }
    this.#variants.forget(second);
  }

  /** Looks every second. @returns what ends that. */
  follow(facts: () => readonly GroupFacts[]): () => void {
    const timer = setInterval(() => this.look(facts()), LOOK_EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  range(request: RangeRequest): RangeView {
    const groups = 'toggle' in request ? this.#variantRanges(request) : this.#groupRanges(request);
    return { sinceMs: this.#sinceMs, bucketGrowth: BUCKET_GROWTH, groups };
  }

  #groupRanges(request: GroupRangeRequest): GroupRange[] {
    const wanted = [...this.#groups.values()].filter(
      ({ labels }) =>
        labels.server_group === request.serverGroup &&
        (request.region === null || labels.region === request.region),
    );
    return wanted.map(({ labels, history }) =>
      this.#rangeOf({ region: labels.region, serverGroup: labels.server_group }, history, request),
    );
  }

  #variantRanges(request: VariantRangeRequest): GroupRange[] {
    const history = this.#variants.of(request.cluster, request);
    return history ? [this.#rangeOf({ region: '', serverGroup: '' }, history, request)] : [];
  }

  #rangeOf(
    names: Pick<GroupRange, 'region' | 'serverGroup'>,
    history: GroupHistory,
    { start, end, step }: Steps,
  ): GroupRange {
    const now = this.#second();
    const spans: Span[] = [];
    for (let from = start; from < end; from += step) {
      // Half a step has half the requests: not known is better than wrong.
      const over = from + step <= now;
      spans.push(over ? history.span(from, from + step) : history.span(0, 0));
    }
    return {
      ...names,
      requests: spans.map((span) => span.requests),
      errors: spans.map((span) => span.errors),
      durations: spans.map((span) => [...span.durations].sort(([a], [b]) => a - b)),
      memoryBytes: spans.map((span) => span.memoryBytes),
      healthyInstances: spans.map((span) => span.healthyInstances),
    };
  }

  #of(labels: GroupLabels): GroupHistory {
    const key = `${labels.region}/${labels.server_group}`;
    const known = this.#groups.get(key);
    if (known) return known.history;
    const history = new GroupHistory(this.#second());
    this.#groups.set(key, { labels, history });
    return history;
  }

  #second(): number {
    return Math.floor(this.#now() / 1_000);
  }
}
