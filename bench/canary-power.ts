import { seeded } from '@/bench/canary/random';
import { type Scenario, scenarios } from '@/bench/canary/scenarios';
import { median, printLine } from '@/bench/support/statistics';
import type { Judge } from '@/server/canary/judge';
import { judges } from '@/server/canary/registry';
import { type CanaryConfig, canaryConfigSchema } from '@/server/domain/canary';

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
}

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

/** One analysis from the first look to the last. */
function run(judge: Judge, scenario: Scenario, config: CanaryConfig, factor: number, round: number): Course {
  const random = seeded(round * 7_919 + Math.round(factor * 1_000));
  const points = LOOKS * POINTS_PER_LOOK;
  const [canary, baseline] = [scenario.series(random, points, factor), scenario.series(random, points, 1)];
  const bad = Array.from({ length: LOOKS }, (_, look) => {
    const seen = (look + 1) * POINTS_PER_LOOK;
    const pair = {
      name: 'metric',
      id: 'metric',
      tags: {},
      experiment: canary.slice(0, seen),
      control: baseline.slice(0, seen),
    };
    const previousPoints = Array.from({ length: look }, (_, before) => (before + 1) * POINTS_PER_LOOK);
    const looks = { window: 'growing', previousPoints, plannedPoints: points } as const;
    const thresholds = { pass: 75, marginal: 50 };
    const { results } = judge.judge({ config, thresholds, pairs: [pair], looks, random });
    return results[0]?.classification === 'High';
  });
  return { bad };
}

function coursesOf(judge: Judge, scenario: Scenario, factor: number, rounds: number): Course[] {
  const config = configOf(scenario, 1);
  return Array.from({ length: rounds }, (_, round) => run(judge, scenario, config, factor, round));
}

function shareOf(courses: readonly Course[], is: (course: Course) => boolean): number {
  return courses.filter(is).length / courses.length;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function falseAlarms(): void {
  printLine(
    `false alarms (${NULL_ROUNDS} rounds, nothing changed)`,
    ...Object.values(judges).flatMap(({ name }) => [`${name}, 1 look`, `${name}, ${LOOKS} looks`]),
  );
  for (const scenario of scenarios) {
    const cells = Object.values(judges).flatMap((judge) => {
      const courses = coursesOf(judge, scenario, 1, NULL_ROUNDS);
      const often = shareOf(courses, ({ bad }) => bad.includes(true));
      if (judge === judges.signalbox) check(scenario, often);
      return [percent(shareOf(courses, ({ bad }) => bad.at(-1) === true)), percent(often)];
    });
    printLine(scenario.name, ...cells);
  }
}

/** Three standard errors of the simulation above the promise are no accident. */
function check({ name }: Scenario, share: number): void {
  const promised = name.includes('leaning') ? PROMISED_LEANING : PROMISED;
  if (share <= promised + 3 * Math.sqrt((promised * (1 - promised)) / NULL_ROUNDS)) return;
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
        const courses = coursesOf(judge, scenario, factor, ROUNDS);
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

falseAlarms();
detection();
