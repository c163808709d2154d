import { and, desc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { executions, judgments, stages, toggleChanges } from '@/db/schema';
import { isAppError } from '@/server/domain/errors';
import { type Message, message } from '@/server/domain/message';
import { type Freeze, freezeAt } from '@/server/domain/toggle-environments';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';
import { readDefinition } from '@/server/toggle-state/load';
import { prepareState } from '@/server/toggle-state/prepare';
import { saysStop } from '@/server/toggle-state/stopped';
import { writeState } from '@/server/toggle-state/write';
import { withRollout } from '@/server/toggles/rules/rollout';

const configSchema = z
  .object({
    /** Key of the toggle. */
    toggle: z.string().min(1).meta({ widget: 'toggle' }),
    /** Environment of toggles. */
    toggleEnvironment: z.string().min(1).meta({ widget: 'toggleEnvironment' }),
    /** percentage switches it on, too. */
    set: z.enum(['on', 'off', 'percentage']),
    /** That the percentage is of. */
    variant: z.string().meta({ widget: 'variant' }).optional(),
    percent: z.number().min(0).max(100).meta({ widget: 'percent' }).optional(),
    /** Who gives or gets the difference; the toggle's default variant when absent. */
    against: z.string().meta({ widget: 'variant' }).optional(),
    /** As it stood before, when the execution does not succeed in the end and nobody else has changed it since. */
    putBack: z.boolean().default(false),
  })
  .superRefine(({ set, variant, percent }, check) => {
    if (set !== 'percentage') return;
    if (!variant) check.addIssue({ code: 'custom', message: 'say which variant', path: ['variant'] });
    if (percent === undefined)
      check.addIssue({ code: 'custom', message: 'say how many percent', path: ['percent'] });
  });
type Config = z.infer<typeof configSchema>;

/** Releases a feature, or takes it back: throws a toggle's switch, or gives a variant to a part of the people. */
export const toggle: StageType<Config> = {
  type: 'toggle',
  label: 'Toggle',
  group: 'deliver',
  authorable: true,
  configSchema,
  tasks: [
    {
      name: 'set',
      async run(context): Promise<TaskResult> {
        try {
          return await context.services.db.transaction((tx) => change(tx, context));
        } catch (error) {
          if (!isAppError(error)) throw error;
          return { status: 'failed', error: message('engine.toggle.refused', { reason: error.message }) };
        }
      },
    },
  ],
};

async function change(tx: Transaction, context: StageContext<Config>): Promise<TaskResult> {
  const { config, execution, services } = context;
  const { toggle: key, toggleEnvironment: environment, putBack } = config;
  const now = services.clock.now();
  const { row, place, before, next, isUnchanged } = await prepareState(
    tx,
    { key, environment, next: (current) => current && nextOf(current, config) },
    now,
  );
  if (!next) {
    return { status: 'failed', error: message('engine.toggle.absent', { toggle: key, environment }) };
  }
  const newest = await newestChange(tx, context);
  const overtaken = newest && (await isOvertaken(tx, context, newest, next.on));
  if (overtaken) {
    const values = { toggle: key, environment, by: newest.by };
    return { status: 'failed', error: message('engine.toggle.overtaken', values) };
  }
  const freeze = isUnchanged ? null : freezeAt(place.freezes, now);
  if (freeze) return awaitThaw(environment, freeze, now);
  const said = wordsOf(config);
  if (isUnchanged) {
    // After a crash the change may be there already; what it was is needed for putting it back.
    const changeId = newest?.executionId === execution.id ? String(newest.id) : null;
    const outputs = changeId === null ? {} : { changeId, putBack };
    const log = changeId === null ? [message('engine.toggle.already', { toggle: key, environment })] : [said];
    return { status: 'succeeded', outputs, log };
  }
  if (place.requiresReview && !(await isApproved(tx, execution.id))) {
    return { status: 'failed', error: message('engine.toggle.unreviewed', { environment }) };
  }
  const { changeId } = await writeState(tx, {
    toggle: key,
    application: row.application,
    environment,
    before,
    definition: next,
    by: `${execution.pipeline} (${execution.startedBy})`,
    at: now,
    executionId: execution.id,
  });
  return { status: 'succeeded', outputs: { changeId: String(changeId), putBack }, log: [said] };
}

/** Looks again now and then: the freeze may be lifted, or made longer. */
const THAW_LOOK_MS = 60_000;

function awaitThaw(environment: string, { until, reason }: Freeze, now: Date): TaskResult {
  return {
    status: 'running',
    retryAfterMs: Math.min(THAW_LOOK_MS, Math.max(1, Date.parse(until) - now.getTime())),
    waiting: {
      kind: 'time',
      reason: message('engine.toggle.frozen', { environment, reason }),
      until: new Date(until).toISOString(),
      who: [],
    },
  };
}

function nextOf(current: ToggleDefinition, { set, variant, percent, against }: Config): ToggleDefinition {
  switch (set) {
    case 'on':
    case 'off':
      return { ...current, on: set === 'on' };
    case 'percentage': {
      // The schema demands both here.
      const rollout = { rule: null, variant: variant ?? '', percent: percent ?? 0 };
      const targeting = withRollout(current, against === undefined ? rollout : { ...rollout, against });
      return { ...current, on: true, targeting };
    }
    default:
      return set satisfies never;
  }
}

function wordsOf({ toggle: key, toggleEnvironment, set, variant = '', percent = 0 }: Config): Message {
  const values = { toggle: key, environment: toggleEnvironment };
  switch (set) {
    case 'on':
      return message('engine.toggle.on', values);
    case 'off':
      return message('engine.toggle.off', values);
    case 'percentage':
      return message('engine.toggle.percentage', { ...values, variant, percent });
    default:
      return set satisfies never;
  }
}

type Change = typeof toggleChanges.$inferSelect;

function isHere({ config }: StageContext<Config>) {
  return and(
    eq(toggleChanges.toggle, config.toggle),
    eq(toggleChanges.environment, config.toggleEnvironment),
  );
}

async function newestChange(tx: Transaction, context: StageContext<Config>): Promise<Change | null> {
  const [newest] = await tx
    .select()
    .from(toggleChanges)
    .where(isHere(context))
    .orderBy(desc(toggleChanges.id))
    .limit(1);
  return newest ?? null;
}

/**
 * Whether somebody else has had the last word: changed what this execution had set, or said that it shall be off since
 * the execution was asked for. The next step of a ramp must not switch on what a person has killed, nor may the first
 * one that waited at a gate.
 */
async function isOvertaken(
  tx: Transaction,
  context: StageContext<Config>,
  newest: Change,
  switchesOn: boolean,
): Promise<boolean> {
  const { execution } = context;
  if (newest.executionId === execution.id) return false;
  const [own] = await tx
    .select({ id: toggleChanges.id })
    .from(toggleChanges)
    .where(and(isHere(context), eq(toggleChanges.executionId, execution.id)))
    .limit(1);
  if (own) return true;
  return switchesOn && (await isStopped(tx, context));
}

/** What was said last of it since the execution was asked for is that it shall be off. */
async function isStopped(tx: Transaction, context: StageContext<Config>): Promise<boolean> {
  const [asked] = await tx
    .select({ at: executions.createdAt })
    .from(executions)
    .where(eq(executions.id, context.execution.id));
  if (!asked) return false;
  const since = await tx
    .select({ before: toggleChanges.before, after: toggleChanges.after })
    .from(toggleChanges)
    .where(and(isHere(context), gt(toggleChanges.at, asked.at)))
    .orderBy(desc(toggleChanges.id));
  for (const { before, after } of since) {
    const says = saysStop(readDefinition(before), readDefinition(after));
    if (says !== null) return says;
  }
  return false;
}

/** Whether a person has said yes at a gate of the execution who is not the one that started it. */
async function isApproved(tx: Transaction, executionId: string): Promise<boolean> {
  const [execution] = await tx
    .select({ trigger: executions.trigger })
    .from(executions)
    .where(eq(executions.id, executionId));
  const { userId = null, by = '' } = execution?.trigger ?? {};
  const [approval] = await tx
    .select({ by: judgments.by })
    .from(judgments)
    .innerJoin(stages, eq(stages.id, judgments.stageId))
    .where(
      and(
        eq(stages.executionId, executionId),
        eq(stages.superseded, false),
        eq(judgments.decision, 'continue'),
        ne(judgments.by, by),
        userId === null ? undefined : or(isNull(judgments.byUserId), ne(judgments.byUserId, userId)),
      ),
    )
    .limit(1);
  return approval !== undefined;
}
