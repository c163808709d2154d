import { normal, seeded } from '@/bench/canary/random';
import { median, printLine } from '@/bench/support/statistics';
import type { Judge } from '@/server/canary/judge';
import { judges } from '@/server/canary/registry';
import { canaryConfigSchema, METRIC_KINDS, type MetricPair } from '@/server/domain/canary';

/**
 * How long judging takes: 200 metrics of 1,440 points on each side, a day of minutes, with all kinds of metrics; and
 * how that grows with ten times the points. Time of the processor, so that other work on the machine does not count.
 */

const METRICS = 200;
const POINTS = 1_440;
const ROUNDS = 5;
/** The promise, in milliseconds. */
const LIMIT_MS = 1_000;
/** Ten times the points may take somewhat more than ten times as long: they are sorted. */
const LINEAR = 15;

const config = canaryConfigSchema.parse({
  name: 'bench',
  metrics: Array.from({ length: METRICS }, (_, index) => ({
    name: `metric ${index}`,
    kind: METRIC_KINDS[index % METRIC_KINDS.length],
    query: { type: 'local' },
    groups: [`group ${index % 5}`],
  })),
});

function measure(points: number): MetricPair[] {
  const random = seeded(points);
  return config.metrics.map(({ name, kind }, index) => {
    const shift = index % 10 === 0 ? 1.3 : 1;
    const one = (factor: number) =>
      kind === 'counter' || kind === 'ratio'
        ? Math.max(0, factor * Math.round(3 * normal(random)))
        : factor * Math.exp(0.3 * normal(random));
    const side = (factor: number) =>
      Array.from({ length: points }, () => (random() < 0.01 ? Number.NaN : one(factor)));
    return { name, id: name, tags: {}, experiment: side(shift), control: side(1) };
  });
}

function timeOf(judge: Judge, pairs: readonly MetricPair[]): number {
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const start = process.cpuUsage();
    judge.judge({ config, thresholds: { pass: 75, marginal: 50 }, pairs, random: seeded(round) });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return median(times);
}

for (const judge of Object.values(judges)) {
  const [small, large] = [timeOf(judge, measure(POINTS)), timeOf(judge, measure(10 * POINTS))];
  printLine(
    judge.name,
    `${METRICS} × ${POINTS} points: ${small.toFixed(0)} ms`,
    `10 × the points: × ${(large / small).toFixed(1)}`,
    small < LIMIT_MS && large / small < LINEAR ? 'kept' : 'NOT KEPT',
  );
  if (small >= LIMIT_MS || large / small >= LINEAR) process.exitCode = 1;
}
