import type { Past } from '@/server/metrics/testing/past';

/** How a made-up service did, all along. */
interface Story {
  readonly serverGroup: string;
  /** A second. */
  readonly requests: number;
  /** The bucket in which every request ends. */
  readonly upTo: '0.25' | '0.5';
  /** A second; null: it never had one, so that it has no series of them. */
  readonly errors: number | null;
  /** Of 1000 bytes. */
  readonly oldGeneration: number;
}

const STORIES: readonly Story[] = [
  { serverGroup: 'base-v001', requests: 10, upTo: '0.25', errors: null, oldGeneration: 300 },
  { serverGroup: 'canary-v002', requests: 10, upTo: '0.5', errors: 1, oldGeneration: 600 },
  { serverGroup: 'idle-v003', requests: 0, upTo: '0.25', errors: null, oldGeneration: 100 },
];

const BOUNDS = ['0.1', '0.25', '0.5', '+Inf'];
const EVERY = 15;

/** Samples of services that Micrometer and OpenTelemetry measure. @param from seconds since 1970. */
export function servicesPast(past: Past, from: number, seconds: number): void {
  const span = { from, until: from + seconds, every: EVERY };
  const level = (value: number) =>
    Array.from({ length: seconds / EVERY + 1 }, (_, index): [number, number] => [
      from + index * EVERY,
      value,
    ]);
  for (const story of STORIES) {
    const base = { server_group: story.serverGroup, instance: '1' };
    const requests = (name: string, ok: Record<string, string>, failed: Record<string, string>) => {
      for (const le of BOUNDS) {
        const perSecond = BOUNDS.indexOf(le) >= BOUNDS.indexOf(story.upTo) ? story.requests : 0;
        past.counter(`${name}_bucket`, { ...base, ...ok, le }, { ...span, perSecond });
      }
      past.counter(
        `${name}_count`,
        { ...base, ...ok },
        { ...span, perSecond: story.requests - (story.errors ?? 0) },
      );
      if (story.errors === null) return;
      past.counter(`${name}_count`, { ...base, ...failed }, { ...span, perSecond: story.errors });
    };
    const spring = { uri: '/', outcome: 'SUCCESS' };
    requests('http_server_requests_seconds', spring, { uri: '/', outcome: 'SERVER_ERROR' });
    const probe = { ...base, uri: '/actuator/health', outcome: 'SUCCESS', le: '0.1' };
    past.counter('http_server_requests_seconds_bucket', probe, { ...span, perSecond: 1_000 });
    const otel = { http_route: '/', http_response_status_code: '200' };
    const failed = { http_route: '/', http_response_status_code: '503' };
    requests('http_server_request_duration_seconds', otel, failed);

    const [eden, old] = ['G1 Eden Space', 'G1 Old Gen'];
    const pool = (id: string) => ({ ...base, area: 'heap', id });
    past.series('jvm_memory_used_bytes', pool(eden), level(5_000));
    past.series('jvm_memory_max_bytes', pool(eden), level(-1));
    past.series('jvm_memory_used_bytes', pool(old), level(story.oldGeneration));
    past.series('jvm_memory_max_bytes', pool(old), level(1_000));
    const otelPool = (name: string) => ({ ...base, jvm_memory_type: 'heap', jvm_memory_pool_name: name });
    past.series('jvm_memory_used_bytes', otelPool(eden), level(5_000));
    past.series('jvm_memory_used_bytes', otelPool(old), level(story.oldGeneration));
    past.series('jvm_memory_limit_bytes', otelPool(old), level(1_000));
  }
}
