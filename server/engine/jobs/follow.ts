import { z } from 'zod';
import { maskRecord, maskText } from '@/server/domain/mask';
import { type Message, message } from '@/server/domain/message';
import { elapsedMs, pollMs } from '@/server/engine/clusters/target';
import { type JobConfig, jobPlace } from '@/server/engine/jobs/config';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, TaskResult } from '@/server/engine/stages/stage';
import type { JobRunner, JobState, Operation, Provider } from '@/server/providers/provider';

/** What is told of a command's output when it failed; the whole end of it stays on the platform. */
const TOLD_LINES = 20;
const TOLD_CHARACTERS = 500;
const LOOK_AT_ITS_END_MS = 500;
/** Platforms end jobs themselves, some of them a little later; one that has not by then never will. */
const OVERDUE_MS = 60_000;

const startedSchema = z.object({
  job: z.object({ account: z.string(), region: z.string(), name: z.string() }),
});
/** A job and where it runs. Kept with the stage, because its environment may move meanwhile. */
export type StartedJob = z.infer<typeof startedSchema>['job'];

/** What jobs and bakes have in common once they run. */
type Runner<State extends JobState> = Pick<JobRunner, 'cancel'> & {
  describe(ref: StartedJob, signal?: AbortSignal): Promise<State | null>;
};

export interface JobKind<State extends JobState> {
  /** Begins the names of its jobs. */
  readonly prefix: string;
  runner(provider: Provider): Runner<State> | undefined;
}

/** The name of this stage's job, the same in every call and another in every try. */
export function jobName({ stage }: StageContext, { prefix }: JobKind<JobState>): string {
  return `${prefix}-${stage.id}`;
}

/** The operation of one of the changes that a stage asks for; a retry asks with the same one. */
export function jobOperation({ stage, fence }: StageContext, verb: string): Operation {
  return { id: `${stage.id}:${verb}`, fence };
}

/**
 * Looks how the job of the stage stands.
 * @param waiting what people are told while it runs.
 * @param done what follows when it has succeeded; its outputs are free of secrets.
 */
export async function followJob<State extends JobState>(
  context: StageContext<JobConfig>,
  kind: JobKind<State>,
  waiting: (job: StartedJob) => Message,
  done: (state: State, outputs: Record<string, unknown>) => Promise<TaskResult> | TaskResult,
): Promise<TaskResult> {
  const { job } = startedSchema.parse(context.stage.outputs);
  const provider = await context.services.provider(job.account);
  const state = await kind.runner(provider)?.describe(job, context.signal);
  if (!state) return { status: 'errored', error: message('engine.job.gone', { region: job.region }) };
  if (state.status === 'running')
    return (await endOverdue(context, kind, job, state)) ?? stillRunning(context, job, state, waiting(job));
  const secrets = await secretsOf(context);
  const outputs = { ...maskRecord(state.outputs, secrets), exitCode: state.exitCode };
  if (state.status === 'succeeded') return done(state, outputs);
  const log = lastLines(state.log, secrets);
  if (state.status === 'canceled')
    return { status: 'stopped', error: message('engine.job.canceled'), outputs, log };
  const reason = maskText(state.reason ?? '', secrets);
  // Without an exit code it was not the command that failed.
  return state.exitCode === null
    ? { status: 'errored', error: message('engine.job.lost', { reason }), outputs, log }
    : { status: 'failed', error: message('engine.job.failed', { reason }), outputs, log };
}

/** Null while it has time. */
async function endOverdue<State extends JobState>(
  context: StageContext<JobConfig>,
  kind: JobKind<State>,
  job: StartedJob,
  { startedAt }: JobState,
): Promise<TaskResult | null> {
  const { timeoutSeconds } = context.config;
  const overdue = untilOf(context, startedAt).getTime() + OVERDUE_MS;
  if (context.services.clock.now().getTime() < overdue) return null;
  const provider = await context.services.provider(job.account);
  await kind.runner(provider)?.cancel(jobOperation(context, 'cancel'), job);
  return { status: 'errored', error: message('engine.job.overdue', { region: job.region, timeoutSeconds }) };
}

function untilOf({ config }: StageContext<JobConfig>, startedAt: string): Date {
  return new Date(Date.parse(startedAt) + config.timeoutSeconds * 1_000);
}

function stillRunning(
  context: StageContext<JobConfig>,
  { account, region, name }: StartedJob,
  { startedAt }: JobState,
  reason: Message,
): TaskResult {
  const until = untilOf(context, startedAt);
  return {
    status: 'running',
    retryAfterMs: pollMs(elapsedMs(context)),
    wakeOn: wakeKey(account, region, name),
    waiting: { kind: 'platform', reason, until: until.toISOString(), who: [] },
  };
}

/** Ends the job of a stage that was withdrawn, and sees that it has ended. */
export async function cancelJob<State extends JobState>(
  context: StageContext<JobConfig>,
  kind: JobKind<State>,
): Promise<TaskResult> {
  const job = await jobOf(context, kind);
  const provider = job && (await context.services.provider(job.account));
  const runner = provider && kind.runner(provider);
  if (!runner) return { status: 'succeeded' };
  const before = await runner.describe(job, context.signal);
  // Also when it is not there: its start may still be on its way, and the platform then refuses it.
  await runner.cancel(jobOperation(context, 'cancel'), job);
  const wasOurs = before?.status === 'running' || before?.status === 'canceled';
  if (!wasOurs) return { status: 'succeeded' };
  const after = await runner.describe(job, context.signal);
  if (after?.status === 'running') {
    const reason = message('engine.wait.jobStops');
    const waiting = { kind: 'platform' as const, reason, until: null, who: [] };
    return { status: 'running', retryAfterMs: LOOK_AT_ITS_END_MS, waiting };
  }
  return { status: 'succeeded', log: [message('engine.did.endedJob')] };
}

/** Also for a stage that was withdrawn before it could note what it had asked for. */
async function jobOf(context: StageContext<JobConfig>, kind: JobKind<JobState>): Promise<StartedJob | null> {
  const started = startedSchema.safeParse(context.stage.outputs);
  if (started.success) return started.data.job;
  const found = await jobPlace(context);
  if ('why' in found) return null;
  const { account, region } = found.place;
  return { account, region, name: jobName(context, kind) };
}

async function secretsOf(context: StageContext<JobConfig>): Promise<string[]> {
  const found = await jobPlace(context);
  return 'why' in found ? [] : Object.values(found.place.secrets);
}

function lastLines(log: string, secrets: readonly string[]): Message[] {
  return maskText(log, secrets)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-TOLD_LINES)
    .map((line) => message('literal', { text: line.slice(0, TOLD_CHARACTERS) }));
}
