import type { Command } from 'commander';
import { startedSchema } from '@/cli/answers';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { begun } from '@/cli/commands/begun';
import { printReport } from '@/cli/commands/canary-report';
import { contextOf } from '@/cli/context';
import { readDuration } from '@/cli/duration';
import { Failure } from '@/cli/failure';

const EXAMPLE =
  'canary analyze application=catalog config=golden baseline=catalog-prod-v001 canary=catalog-prod-v002 region=eu last=30m --wait';
const KNOWN = [
  'application',
  'config',
  'baseline',
  'canary',
  'region',
  'source',
  'last',
  'start',
  'end',
  'step',
  'interval',
  'lookback',
  'pass',
  'marginal',
];

/** `signalbox canary analyze` */
export function addCanaryAnalyze(canary: Command): void {
  canary
    .command('analyze')
    .description('Judge a past window of two server groups, without deploying anything')
    .argument('<key=value...>', 'application, config, baseline, canary, and last or start and end')
    .option('--wait', 'follow it to its verdict; exits 0 when the canary passed and 1 when it did not')
    .addHelpText(
      'after',
      `\nregion of both (or baselineRegion, canaryRegion), source, step, interval and lookback (60s, 5m), pass and marginal (scores)\nExample: signalbox ${EXAMPLE}`,
    )
    .action(async (words: string[], options: { wait?: boolean }, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', EXAMPLE);
      const body = bodyOf(pairs, Date.now());
      requireNothingLeft(pairs, [...KNOWN, 'baselineRegion', 'canaryRegion']);
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(application)}/canary-analyses`;
      const started = await context.client.send('POST', path, body, startedSchema);
      await begun(context, started, options);
      // With --json the answer alone goes to stdout.
      if (options.wait && !context.json) await printReport(context, application, started.executionId);
    });
}

function bodyOf(pairs: Map<string, string>, now: number) {
  const region = takeOptional(pairs, 'region') ?? '';
  const side = (name: 'baseline' | 'canary') => ({
    scope: take(pairs, name, EXAMPLE),
    location: takeOptional(pairs, `${name}Region`) ?? region,
  });
  return {
    config: take(pairs, 'config', EXAMPLE),
    source: takeOptional(pairs, 'source'),
    scopes: { baseline: side('baseline'), canary: side('canary') },
    ...windowOf(pairs, now),
    stepSeconds: seconds(pairs, 'step'),
    intervalSeconds: seconds(pairs, 'interval'),
    lookbackSeconds: seconds(pairs, 'lookback'),
    passScore: score(pairs, 'pass'),
    marginalScore: score(pairs, 'marginal'),
  };
}

/** @throws Failure (bad usage) unless it is one of `last` and `start` with `end`. */
export function windowOf(
  pairs: Map<string, string>,
  now: number,
): { readonly startTime: string; readonly endTime: string } {
  const last = takeOptional(pairs, 'last');
  const start = takeOptional(pairs, 'start');
  const end = takeOptional(pairs, 'end');
  if ((last === undefined) === (start === undefined))
    throw new Failure('Give last=30m, or start=… and end=… as 2026-01-31T09:00:00Z.', 2);
  const endMs = end === undefined ? now : moment('end', end);
  const startMs =
    start === undefined ? endMs - 1_000 * readDuration('last', last ?? '') : moment('start', start);
  return { startTime: new Date(startMs).toISOString(), endTime: new Date(endMs).toISOString() };
}

function moment(key: string, text: string): number {
  const ms = Date.parse(text);
  // Date.parse takes "1" for a year.
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && Number.isFinite(ms)) return ms;
  throw new Failure(`${key}=${text} is no time. Write it as 2026-01-31T09:00:00Z.`, 2);
}

function seconds(pairs: Map<string, string>, key: string): number | undefined {
  const text = takeOptional(pairs, key);
  return text === undefined ? undefined : readDuration(key, text);
}

function score(pairs: Map<string, string>, key: string): number | undefined {
  const text = takeOptional(pairs, key);
  if (text === undefined) return undefined;
  if (/^\d{1,3}(\.\d+)?$/.test(text)) return Number(text);
  throw new Failure(`${key}=${text} is no score. Write a number from 0 to 100.`, 2);
}
