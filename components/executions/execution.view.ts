import { asksPerson } from '@/server/domain/gate';
import type { Message } from '@/server/domain/message';
import { decidingEnding, stageDoings, stageEndings } from '@/server/domain/sentence';
import { isComplete, type Status } from '@/server/domain/status';
import type { ExecutionView, StageView } from '@/server/domain/views/execution';

/** Seconds until `until`, never negative; null without an end. */
export function secondsLeft(until: string | null, now: number): number | null {
  if (until === null) return null;
  return Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
}

/** One more thing to know beside the sentence on top: what another stage does, or how it went wrong. */
export interface Aside {
  readonly refId: string;
  readonly name: string;
  readonly sentence: Message;
  readonly reason: Message | null;
}

export interface Banner {
  /** When what the sentence tells of ends by itself. */
  readonly until: string | null;
  /** Why what the sentence tells of came about. */
  readonly reason: Message | null;
  readonly asides: readonly Aside[];
}

/** What stands with the sentence on top. What it says of a stage never stands below the name of another. */
export function bannerOf(execution: ExecutionView): Banner {
  const { status, error, cancelRequestedBy, stages, waitingFor } = execution;
  const endings = stageEndings(execution);
  const deciding = decidingEnding(execution);
  const moves = status === 'running' && cancelRequestedBy === null;
  const [told, ...others] = moves ? stageDoings(stages) : [];
  const own = waitingFor.find(({ refId }) => refId === null);
  return {
    until: told?.until ?? (status === 'pending' ? (own?.until ?? null) : null),
    reason: deciding || endings.length === 0 ? error : null,
    asides: [
      ...others.map((doing) => ({ ...doing, reason: null })),
      ...endings.filter(({ refId }) => refId !== deciding?.refId),
    ],
  };
}

/** The gate that a person should see first; null when none is open. */
export function openGate(execution: Pick<ExecutionView, 'stages' | 'status'>): StageView | null {
  if (isComplete(execution.status)) return null;
  return execution.stages.find(isOpenGate) ?? null;
}

export function isOpenGate(stage: Pick<StageView, 'type' | 'status' | 'waiting'>): boolean {
  return asksPerson(stage) || (stage.type === 'manualJudgment' && stage.status === 'paused');
}

/** Whether a stage's own place shows the evidence card: open gates, and those that were one and nothing else. */
export function showsEvidence(stage: Pick<StageView, 'type' | 'status' | 'waiting' | 'startedAt'>): boolean {
  return stage.startedAt !== null && (stage.type === 'manualJudgment' || isOpenGate(stage));
}

/** What a person may do to an execution now, and why not when not. */
export interface Control {
  readonly action: 'cancel' | 'pause' | 'resume';
  readonly enabled: boolean;
  /** Key of the reason in the `executions.controls` namespace. */
  readonly why: 'complete' | 'canceling' | 'notAllowed' | null;
}

/** The buttons in their fixed places: pause or resume first, cancel last. */
export function controlsOf(
  execution: Pick<ExecutionView, 'status' | 'cancelRequestedBy'>,
  mayControl: boolean,
): readonly Control[] {
  const why = whyNot(execution, mayControl);
  const hold: Control['action'] = execution.status === 'paused' ? 'resume' : 'pause';
  return [
    { action: hold, enabled: why === null, why },
    { action: 'cancel', enabled: why === null, why },
  ];
}

function whyNot(
  execution: Pick<ExecutionView, 'status' | 'cancelRequestedBy'>,
  mayControl: boolean,
): Control['why'] {
  if (isComplete(execution.status)) return 'complete';
  if (execution.cancelRequestedBy !== null) return 'canceling';
  return mayControl ? null : 'notAllowed';
}

export interface Span {
  readonly from: string;
  readonly to: string | null;
}

/** From when to when something ran; null before it began. `to` is null while it runs. */
export function spanOf(timed: {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}): Span | null {
  return timed.startedAt === null ? null : { from: timed.startedAt, to: timed.endedAt };
}

/** How many stages stand how; for the summary line of a long execution. */
export function countByStatus(stages: readonly { readonly status: Status }[]): ReadonlyMap<Status, number> {
  const counts = new Map<Status, number>();
  for (const { status } of stages) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

/** Rows for a table of a JSON object: nested values become text that can be read and copied. */
export function entriesOf(
  value: Readonly<Record<string, unknown>>,
): readonly { key: string; text: string }[] {
  return Object.entries(value).map(([key, inner]) => ({
    key,
    text: typeof inner === 'string' ? inner : JSON.stringify(inner, null, 2),
  }));
}

/** Ramps, rollbacks and the demo's first start run what was made for them; no pipeline of that name is kept. */
export function hasPipeline({ trigger, ramp }: Pick<ExecutionView, 'trigger' | 'ramp'>): boolean {
  return ramp === null && trigger.kind !== 'rollback' && trigger.kind !== 'demo';
}

/** Whether it has deployed something, or started others that may have: then that can be taken back. */
export function hasDelivered({ stages, trigger }: Pick<ExecutionView, 'stages' | 'trigger'>): boolean {
  if (trigger.kind === 'rollback') return false;
  return stages.some(
    ({ type, startedAt }) => startedAt !== null && (type === 'deploy' || type === 'pipeline'),
  );
}

/** What a person may do about one stage, besides deciding a gate. */
export type StageAct = 'startNow' | 'restart' | 'skip';

/** The acts that make sense for a stage as it stands; what is not allowed to the person is left to the caller. */
export function stageActs(
  execution: Pick<ExecutionView, 'status' | 'cancelRequestedBy'>,
  stage: Pick<StageView, 'status' | 'parentRefId' | 'waiting' | 'skippable'>,
): readonly StageAct[] {
  const over = isComplete(execution.status);
  const moving = !over && execution.cancelRequestedBy === null;
  const acts: StageAct[] = [];
  if (moving && stage.status === 'pending' && stage.waiting?.reason.key === 'engine.wait.window')
    acts.push('startNow');
  if (stage.parentRefId === null && isComplete(stage.status) && (over || moving)) acts.push('restart');
  if (moving && stage.skippable) acts.push('skip');
  return acts;
}
