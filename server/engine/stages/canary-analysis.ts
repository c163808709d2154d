import { z } from 'zod';
import { withMeasuredBy } from '@/db/measured-by';
import { type Look, look } from '@/server/analysis/look';
import type { OpenSource } from '@/server/analysis/open-source';
import {
  type AnalysisOptions,
  type AnalysisStatus,
  analysisOptionsSchema,
  analysisShape,
  optionProblems,
  scopePairSchema,
} from '@/server/domain/analysis';
import { message } from '@/server/domain/message';
import { judgmentConfigSchema } from '@/server/domain/pipeline';
import {
  type AnalysisRow,
  announceLook,
  endUndecided,
  keepLook,
  markAnalysis,
  openAnalysis,
  type PastLook,
  readAnalysis,
  readLooks,
} from '@/server/engine/analysis/record';
import { courseAfter, liveSchedule, pastSchedule, type Schedule } from '@/server/engine/analysis/schedule';
import { awaitDecision } from '@/server/engine/judgments/await-decision';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';

const configSchema = z
  .object({
    ...analysisShape,
    scopes: scopePairSchema,
    /** False: when the metrics cannot tell, it fails instead of asking. */
    askPerson: z.boolean().default(true),
    /** Both given: looks at what has been, at once. Neither: at what is running, from now on. */
    startTime: z.iso.datetime({ offset: true }).optional(),
    endTime: z.iso.datetime({ offset: true }).optional(),
  })
  .superRefine((config, check) => {
    const { startTime, endTime } = config;
    for (const { field, problem } of startTime ? [] : optionProblems(config))
      check.addIssue({ code: 'custom', message: problem, path: [field] });
    if ((startTime === undefined) !== (endTime === undefined))
      check.addIssue({ code: 'custom', message: 'must be given with startTime', path: ['endTime'] });
    if (startTime && endTime && Date.parse(endTime) - Date.parse(startTime) < config.stepSeconds * 1_000)
      check.addIssue({
        code: 'custom',
        message: 'must be a step or more after startTime',
        path: ['endTime'],
      });
  });
type Config = z.infer<typeof configSchema>;
type Context = StageContext<Config>;

/** A look whose points are not there yet is tried again so soon. */
const NOT_YET_MS = 1_000;

/**
 * Compares a canary with its baseline by a canary configuration, again and again. It fails as soon as the canary is
 * surely bad; when the metrics cannot tell in the end, a person is asked. What a metrics source does never fails it.
 */
export const canaryAnalysis: StageType<Config> = {
  type: 'canaryAnalysis',
  label: 'Canary analysis',
  group: 'control',
  authorable: true,
  configSchema,
  gate: ({ roles }) => judgmentConfigSchema.parse({ roles }),
  tasks: [
    { name: 'begin', run: begin },
    { name: 'analyse', run: analyse },
  ],
  onCancel: [
    {
      name: 'cancel',
      async run(context) {
        await markAnalysis(context, 'canceled');
        return { status: 'succeeded' };
      },
    },
  ],
};

async function begin(context: Context): Promise<TaskResult> {
  const { config, execution } = context;
  const options = analysisOptionsSchema.parse(config);
  const kind = config.startTime ? 'retrospective' : 'realTime';
  // Kept with the analysis: its groups may be gone when somebody looks at it again.
  const scopes = await withMeasuredBy(context.services.db, config.scopes);
  const row = await openAnalysis(context, { kind, options, scopes });
  if (row) {
    const schedule = scheduleOf(config, options, await context.services.metricsSource(row.source));
    const clock = clockOf(context);
    await announceLook(context, new Date(clock.nowMs + Math.max(0, schedule.dueMs(1) - clock.activeMs)));
    return { status: 'succeeded', outputs: { analysisId: row.id } };
  }
  const { application } = execution;
  return {
    status: 'errored',
    error: message('engine.canary.unknownConfig', { application, config: options.config }),
  };
}

async function analyse(context: Context): Promise<TaskResult> {
  const row = await readAnalysis(context);
  if (!row) throw new Error('the analysis of the stage is gone');
  const source = await context.services.metricsSource(row.source);
  const schedule = scheduleOf(context.config, row.options, source);
  const looks = await readLooks(context, row.id);
  const last = looks.at(-1);
  const course = last ? courseAfter(last.number, last.judgement.action, schedule) : 'measureOn';
  if (last && course !== 'measureOn') return conclude(context, last, course);
  return measureOn(context, { row, source, schedule, looks });
}

function scheduleOf(config: Config, options: AnalysisOptions, { type }: OpenSource): Schedule {
  const { startTime, endTime } = config;
  if (startTime && endTime) return pastSchedule(options, Date.parse(startTime), Date.parse(endTime));
  return liveSchedule(options, options.lagSeconds ?? type.lagSeconds ?? 0);
}

interface Standing {
  readonly row: AnalysisRow;
  readonly source: OpenSource;
  readonly schedule: Schedule;
  readonly looks: readonly PastLook[];
}

async function measureOn(context: Context, standing: Standing): Promise<TaskResult> {
  const { schedule, looks, row } = standing;
  const clock = clockOf(context);
  const number = looks.length + 1;
  const left = schedule.dueMs(number) - clock.activeMs;
  if (left > 0) return awaitLook(clock, number, schedule, left);
  const window = schedule.window(number, clock);
  if (!window) return schedule.live ? awaitLook(clock, number, schedule, NOT_YET_MS) : emptyWindow(context);
  const made = await takeLook(context, standing, window);
  const course = courseAfter(number, made.judgement.action, schedule);
  const growing = !schedule.sliding;
  const next = schedule.dueMs(number + 1) - clock.activeMs;
  const nextLookAt = course === 'measureOn' ? new Date(clock.nowMs + Math.max(0, next)) : null;
  await keepLook(context, row, { number, window, look: made, growing, nextLookAt });
  if (course !== 'measureOn') return conclude(context, { number, judgement: made.judgement }, course);
  const answer = awaitLook(clock, number + 1, schedule, Math.max(0, next));
  return { ...answer, outputs: outcomeOf(made), log: [told(number, made)] };
}

async function emptyWindow(context: Context): Promise<TaskResult> {
  const { stepSeconds: step } = context.config;
  return end(context, 'errored', {
    status: 'errored',
    error: message('engine.canary.emptyWindow', { step }),
  });
}

function takeLook(
  { signal }: Context,
  { row, source, schedule, looks }: Standing,
  window: PastLook | Parameters<typeof look>[0]['window'],
): Promise<Look> {
  const { passScore, marginalScore } = row.options;
  return look({
    config: row.config,
    source,
    scopes: row.scopes,
    window,
    thresholds: { pass: passScore, marginal: marginalScore },
    looks: {
      window: schedule.sliding ? 'sliding' : 'growing',
      previousPoints: looks.map(({ startMs, endMs, stepMs }) => Math.round((endMs - startMs) / stepMs)),
      plannedPoints: schedule.plannedPoints,
    },
    signal,
  });
}

async function conclude(
  context: Context,
  last: Pick<PastLook, 'number' | 'judgement'>,
  course: 'passed' | 'failed' | 'askPerson',
): Promise<TaskResult> {
  const outputs = outcomeOf(last);
  switch (course) {
    case 'passed':
      return end(context, 'passed', { status: 'succeeded', outputs, log: [told(last.number, last)] });
    case 'failed':
      return end(context, 'failed', { status: 'failed', error: last.judgement.sentence, outputs });
    case 'askPerson':
      return ask(context, last, outputs);
    default:
      return course satisfies never;
  }
}

async function ask(
  context: Context,
  { judgement }: Pick<PastLook, 'judgement'>,
  outputs: ReturnType<typeof outcomeOf>,
): Promise<TaskResult> {
  if (!context.config.askPerson) {
    await endUndecided(context);
    return { status: 'failed', error: judgement.sentence, outputs };
  }
  const before = z.number().safeParse(context.stage.outputs.askedAtMs).data;
  const askedAtMs = before ?? context.services.clock.now().getTime();
  await markAnalysis(context, 'inconclusive');
  const gate = judgmentConfigSchema.parse({ roles: context.config.roles });
  const answer = await awaitDecision(context, gate, askedAtMs, judgement.sentence);
  if (answer.status === 'running') return { ...answer, outputs: { ...outputs, askedAtMs } };
  return end(context, answer.status === 'succeeded' ? 'passed' : 'failed', answer);
}

async function end(context: Context, status: AnalysisStatus, result: TaskResult): Promise<TaskResult> {
  await markAnalysis(context, status);
  return result;
}

/** What later stages and expressions see. */
function outcomeOf({ judgement }: Pick<PastLook, 'judgement'>) {
  const { score, classification } = judgement;
  return { score, classification };
}

function told(number: number, { judgement }: Pick<PastLook, 'judgement'>) {
  const { score, highestScore: highest } = judgement;
  if (score === highest) return message('engine.canary.looked', { number, score });
  return message('engine.canary.lookedRange', { number, score, highest });
}

interface Clock {
  readonly nowMs: number;
  /** Since the stage started, held time not counted. */
  readonly activeMs: number;
}

function clockOf({ stage, services }: Context): Clock {
  const nowMs = services.clock.now().getTime();
  return { nowMs, activeMs: nowMs - stage.startedAt.getTime() - stage.pausedMs };
}

function awaitLook(
  { nowMs }: Clock,
  number: number,
  { planned }: Schedule,
  left: number,
): Extract<TaskResult, { status: 'running' }> {
  return {
    status: 'running',
    retryAfterMs: left,
    waiting: {
      kind: 'time',
      reason: message(number > planned ? 'engine.canary.extended' : 'engine.canary.nextLook', {
        number,
        planned,
      }),
      until: new Date(nowMs + left).toISOString(),
      who: [],
    },
  };
}
