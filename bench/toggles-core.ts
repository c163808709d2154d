import { FlagdCore } from '@openfeature/flagd-core';
import { median, printLine } from '@/bench/support/statistics';
import { type EvaluationContext, segmentSchema, toggleSchema } from '@/server/domain/toggles';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { etagOf } from '@/server/toggles/etag';
import { compile, evaluate, evaluateAll } from '@/server/toggles/evaluate';
import { FlagStore } from '@/server/toggles/flag-store';
import { SILENT } from '@/server/toggles/library';

/**
 * What one core evaluates out of memory with 350 flags, and what a flip costs: ours beside flagd-core called directly,
 * in turns of the same run. Time of the processor, so that other work on the machine does not count.
 */

const FLAGS = 350;
const CONTEXTS = 1_000;
const ROUNDS = 7;
/** Ours does the same and a little more: a lower share of the library's speed than this is a regression. */
const LEAST_RATIO = 0.7;

const split = (on: number) => ({
  fractional: [
    ['on', on],
    ['off', 100 - on],
  ],
});
/** A third without rules, a third with rules, a third with rules and a split. */
const targetings = [
  () => undefined,
  () => ({ if: [{ $ref: 'staff' }, 'on', { '===': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }),
  (index: number) => ({
    if: [
      { $ref: 'staff' },
      'on',
      { and: [{ in: [{ var: 'country' }, ['KR', 'DE']] }, { sem_ver: [{ var: 'version' }, '>=', '2.1.0'] }] },
      split(index % 100),
      'off',
    ],
  }),
];

function fileOf(flipped = -1) {
  const flags = Object.fromEntries(
    Array.from({ length: FLAGS }, (_, index) => {
      const targeting = targetings[index % targetings.length]?.(index);
      const defaultVariant = index === flipped ? 'on' : 'off';
      const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant };
      return [`flag-${index}`, { ...flag, ...(targeting && { targeting }) }];
    }),
  );
  return { $evaluators: { staff: { ends_with: [{ var: 'email' }, '@corp.test'] } }, flags };
}

type LibraryContext = NonNullable<Parameters<FlagdCore['resolveBooleanEvaluation']>[2]>;
const contexts: (EvaluationContext & LibraryContext)[] = Array.from({ length: CONTEXTS }, (_, index) => ({
  targetingKey: `user-${index}`,
  email: `user${index}@${index % 10 === 0 ? 'corp' : 'other'}.test`,
  plan: index % 4 === 0 ? 'pro' : 'free',
  country: index % 2 === 0 ? 'KR' : 'US',
  version: '2.3.1',
}));
const keys = Object.keys(fileOf().flags);

const file = fileOf();
const text = JSON.stringify(file);
const library = new FlagdCore(undefined, SILENT);
library.setConfigurations(text);
const set = compile(file);

/** Milliseconds of the processor. */
function cpu(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** Medians of the same work done by both in turns, after one turn to warm up. */
function inTurns(baseline: () => void, own: () => void): { baseline: number; own: number } {
  const times = Array.from({ length: ROUNDS + 1 }, () => [cpu(baseline), cpu(own)] as const).slice(1);
  return { baseline: median(times.map(([one]) => one)), own: median(times.map(([, one]) => one)) };
}

function forEach(visit: (key: string, context: EvaluationContext & LibraryContext) => void): void {
  for (const context of contexts) for (const key of keys) visit(key, context);
}

const rate = (count: number, ms: number) => `${Math.round((count / ms) * 1_000).toLocaleString('en')}/s`;
const times = (ratio: number) => `× ${ratio.toFixed(2)}`;

printLine('', 'flagd-core', 'signalbox', 'signalbox / flagd-core');

const single = inTurns(
  () => forEach((key, context) => library.resolveBooleanEvaluation(key, false, context, SILENT)),
  () => forEach((key, context) => evaluate(set, key, context, 'boolean')),
);
const evaluations = CONTEXTS * FLAGS;
const ratio = single.baseline / single.own;
printLine(
  `evaluations per core, ${FLAGS} flags`,
  rate(evaluations, single.baseline),
  rate(evaluations, single.own),
  times(ratio),
);

const bulk = inTurns(
  () => contexts.forEach((context) => library.resolveAll(context, SILENT)),
  () => contexts.forEach((context) => evaluateAll(set, context)),
);
printLine(
  `all ${FLAGS} flags for one context`,
  rate(CONTEXTS, bulk.baseline),
  rate(CONTEXTS, bulk.own),
  times(bulk.baseline / bulk.own),
);

const unchanged = cpu(() => contexts.forEach((context) => etagOf(set, context)));
printLine('ETag of that, to answer “not modified”', '–', rate(CONTEXTS, unchanged), '');

const store = new FlagStore();
store.replace(file);
let flips = 0;
const flip = inTurns(
  () => library.setConfigurations(JSON.stringify(fileOf(flips++ % FLAGS))),
  () => store.replace(fileOf(flips++ % FLAGS)),
);
printLine(
  'one flag of them flipped',
  `${flip.baseline.toFixed(1)} ms`,
  `${flip.own.toFixed(1)} ms`,
  times(flip.baseline / flip.own),
);

const toggles = Object.entries(file.flags).map(([key, { variants, defaultVariant, targeting }]) =>
  toggleSchema.parse({
    key,
    name: key,
    variants,
    environments: { prod: { on: true, offVariant: 'off', defaultVariant, targeting } },
  }),
);
const segments = Object.entries(file.$evaluators).map(([key, condition]) =>
  segmentSchema.parse({ key, name: key, condition }),
);
const input = { environment: 'prod', toggles, segments, facts: { versions: {} }, now: new Date() };
const resolving = Array.from({ length: ROUNDS }, () => cpu(() => compileEnvironment(input)));
printLine('switches, schedules, prerequisites resolved', '–', `${median(resolving).toFixed(1)} ms`, '');

const isKept = ratio >= LEAST_RATIO && flip.own < flip.baseline;
printLine('', isKept ? 'kept' : 'NOT KEPT');
if (!isKept) process.exitCode = 1;
