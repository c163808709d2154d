/** What an operator would read: a worker's metrics, as Prometheus text. */
export interface Reading {
  readonly at: number;
  readonly rssMb: number;
  readonly cpuSeconds: number;
  readonly jobs: number;
  /** Jobs taken up at most so late, by seconds. */
  readonly buckets: ReadonlyMap<number, number>;
}

const LAG = 'signalbox_queue_lag_seconds';

export async function scrape(port: number): Promise<Reading> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const buckets = [...text.matchAll(new RegExp(`^${LAG}_bucket{le="(\\S+)"} (\\d+)$`, 'gm'))].map(
    ([, le, count]): [number, number] => [
      le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      Number(count),
    ],
  );
  return {
    at: performance.now(),
    rssMb: value('process_resident_memory_bytes') / 1_048_576,
    cpuSeconds: value('process_cpu_seconds_total'),
    jobs: value(`${LAG}_count`),
    buckets: new Map(buckets),
  };
}

/** What happened between two readings. Lateness is the upper edge of the bucket it falls into. */
export function between(before: Reading, after: Reading) {
  const seconds = (after.at - before.at) / 1_000;
  const jobs = after.jobs - before.jobs;
  const lateness = (q: number) =>
    [...after.buckets].find(([le, count]) => count - (before.buckets.get(le) ?? 0) >= q * jobs)?.[0] ?? 0;
  return {
    looksPerSecond: jobs / seconds,
    cpuPercent: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
    p50: lateness(0.5),
    p99: lateness(0.99),
  };
}
