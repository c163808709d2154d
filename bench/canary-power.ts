import { seeded } from '@/bench/canary/random';
import { type Scenario, scenarios } from '@/bench/canary/scenarios';
import { median, printLine } from '@/bench/support/statistics';
import type { Judge } from '@/server/canary/judge';
import { judges } from '@/server/canary/registry';
import { signalbox } from '@/server/canary/signalbox/judge';
import { type CanaryConfig, canaryConfigSchema, type MetricLabel } from '@/server/domain/canary';

/**
 * How often each judge calls an unchanged canary bad, and how often and how soon it catches a change, by simulation:
 * one metric, of which more is worse and any increase counts, looked at again and again in a window that grows. The
 * same numbers come out every time. `--long` takes ten times the rounds and more looks.
 */

const long = process.argv.includes('--long');
const ROUNDS = long ? 2_000 : 200;
const NULL_ROUNDS = 5 * ROUNDS;
const LOOKS = long ? 20 : 10;
const POINTS_PER_LOOK = 6;
const SHIFTS = [1.05, 1.1, 1.25, 1.5, 3];
/** What signalbox-v1 promises for one direction, over all looks. */
const PROMISED = 0.01;
/** Correlated neighbours are known by estimate only. */
const PROMISED_LEANING = 0.03;

interface Course {
  /** Looks at which it was called bad. */
  readonly bad: readonly boolean[];
  readonly last: MetricLabel;
}

/** How the looks of an analysis are told to the judge, and which points each of them sees. */
const WAYS = {
  planned: { window: 'growing', plan: true },
  unplanned: { window: 'growing', plan: false },
  sliding: { window: 'sliding', plan: false },
} as const;
type Way = keyof typeof WAYS;
/** Looks whose points a sliding window sees. */
const SLIDING_LOOKS = 4;

function configOf({ kind }: Scenario, allowedIncrease?: number): CanaryConfig {
  return canaryConfigSchema.parse({
    name: 'bench',
    metrics: [
      {
        name: 'metric',
        kind,
        query: { type: 'local' },
        groups: ['all'],
        analysisConfigurations: { canary: { direction: 'increase', effectSize: { allowedIncrease } } },
      },
    ],
  });
}

interface Analysis {
  readonly judge: Judge;
  readonly scenario: Scenario;
  readonly factor: number;
  readonly rounds: number;
  readonly way?: Way;
  /** Any increase counts unless it is said. */
  readonly allowedIncrease?: number | undefined;
}

/** One analysis from the first look to the last. */
function run(
  { judge, scenario, factor, way = 'planned' }: Analysis,
  config: CanaryConfig,
  round: number,
): Course {
  const random = seeded(round * 7_919 + Math.round(factor * 1_000));
  const points = LOOKS * POINTS_PER_LOOK;
  const [canary, baseline] = [scenario.series(random, points, factor), scenario.series(random, points, 1)];
  const { window, plan } = WAYS[way];
  const labels = Array.from({ length: LOOKS }, (_, look): MetricLabel => {
    const end = (look + 1) * POINTS_PER_LOOK;
    const start = window === 'sliding' ? Math.max(0, end - SLIDING_LOOKS * POINTS_PER_LOOK) : 0;
    const [experiment, control] = [canary.slice(start, end), baseline.slice(start, end)];
    const pairs = [{ name: 'metric', id: 'metric', tags: {}, experiment, control }];
    const previousPoints = Array.from({ length: look }, (_, before) => (before + 1) * POINTS_PER_LOOK);
    const looks = plan ? { window, previousPoints, plannedPoints: points } : { window, previousPoints };
    const thresholds = { pass: 75, marginal: 50 };
    return judge.judge({ config, thresholds, pairs, looks, random }).results[0]?.classification ?? 'Error';
  });
  return { bad: labels.map((label) => label === 'High'), last: labels.at(-1) ?? 'Error' };
}

function coursesOf(analysis: Analysis): Course[] {
  const config = configOf(analysis.scenario, 'allowedIncrease' in analysis ? analysis.allowedIncrease : 1);
  return Array.from({ length: analysis.rounds }, (_, round) => run(analysis, config, round));
}

function shareOf(courses: readonly Course[], is: (course: Course) => boolean): number {
  return courses.filter(is).length / courses.length;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function falseAlarms(): void {
  printLine(
    `false alarms (${NULL_ROUNDS} rounds, nothing changed)`,
    ...Object.values(judges).flatMap(({ name }) => [`${name}, last look`, `${name}, ${LOOKS} looks`]),
  );
  for (const scenario of scenarios) {
    const cells = Object.values(judges).flatMap((judge) => {
      const courses = coursesOf({ judge, scenario, factor: 1, rounds: NULL_ROUNDS });
      const often = shareOf(courses, ({ bad }) => bad.includes(true));
      if (judge === signalbox) check(scenario, often);
      return [percent(shareOf(courses, ({ bad }) => bad.at(-1) === true)), percent(often)];
    });
    printLine(scenario.name, ...cells);
  }
}

/** Three standard errors of the simulation above the promise are no accident. */
function check({ name }: Scenario, share: number, rounds = NULL_ROUNDS): void {
  const promised = name.includes('leaning') ? PROMISED_LEANING : PROMISED;
  if (share <= promised + 3 * Math.sqrt((promised * (1 - promised)) / rounds)) return;
  process.stdout.write(`NOT KEPT: ${percent(share)} false alarms, ${percent(promised)} promised\n`);
  process.exitCode = 1;
}

function detection(): void {
  printLine(
    `\ncaught within ${LOOKS * POINTS_PER_LOOK} points (${ROUNDS} rounds)`,
    ...SHIFTS.map((factor) => `+${Math.round((factor - 1) * 100)} %`),
  );
  for (const scenario of scenarios) {
    for (const judge of Object.values(judges)) {
      const cells = SHIFTS.map((factor) => {
        const courses = coursesOf({ judge, scenario, factor, rounds: ROUNDS });
        const delays = courses.flatMap(({ bad }) =>
          bad.includes(true) ? [(bad.indexOf(true) + 1) * POINTS_PER_LOOK] : [],
        );
        const after = delays.length > 0 ? `, after ${median(delays)}` : '';
        return `${percent(delays.length / ROUNDS)}${after}`;
      });
      printLine(`${scenario.name} · ${judge.name}`, ...cells);
    }
  }
}

function otherWays(): void {
  printLine(
    `\n${signalbox.name}, nothing changed`,
    'unplanned looks: alarms',
    'sliding window: alarms',
    'limit 10 %: passed at last',
    'limit 10 %: inconclusive',
    'limit 10 %: alarms',
  );
  for (const scenario of scenarios) {
    const analysis = { judge: signalbox, scenario, factor: 1, rounds: ROUNDS };
    const alarms = (['unplanned', 'sliding'] as const).map((way) =>
      shareOf(coursesOf({ ...analysis, way }), ({ bad }) => bad.includes(true)),
    );
    for (const share of alarms) check(scenario, share, ROUNDS);
    const usual = coursesOf({ ...analysis, allowedIncrease: undefined });
    const ended = (['Pass', 'Inconclusive'] as const).map((label) =>
      shareOf(usual, ({ last }) => last === label),
    );
    const failed = shareOf(usual, ({ bad }) => bad.includes(true));
    printLine(scenario.name, ...[...alarms, ...ended, failed].map(percent));
  }
}

falseAlarms();
detection();
otherWays();
