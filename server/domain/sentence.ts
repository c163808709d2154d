import type { Waiting } from '@/server/domain/execution';
import { type Message, message } from '@/server/domain/message';
import { isComplete, type Status } from '@/server/domain/status';

/** What the sentence is about; a part of what the execution page shows. */
export interface SentenceSubject {
  readonly status: Status;
  readonly environment: string | null;
  readonly artifact: string | null;
  readonly version: string | null;
  readonly cancelRequestedBy: string | null;
  readonly stages: readonly SentenceStage[];
  /** Why it has not started. */
  readonly waiting?: Waiting | null;
}

export interface SentenceStage {
  readonly refId: string;
  readonly parentRefId: string | null;
  readonly type: string;
  readonly name: Message;
  readonly status: Status;
  readonly waiting: Waiting | null;
  readonly error: Message | null;
  /** Where a deploy puts the execution's version. Absent for all others, and where it puts something else. */
  readonly environment?: string | null;
}

/** The order in which waits are told when there are several: what people can end comes first. */
const TELLING_ORDER: readonly Waiting['kind'][] = ['person', 'slot', 'retry', 'platform', 'time', 'upstream'];

/** The one sentence on top of an execution: what it is doing, for whom it waits and until when. */
export function executionSentence(subject: SentenceSubject): Message {
  const { status, cancelRequestedBy } = subject;
  if (cancelRequestedBy && !isComplete(status))
    return message('execution.canceling', { by: cancelRequestedBy });
  switch (status) {
    case 'pending':
      return subject.waiting ? message('execution.waitingPlace') : message('execution.pending');
    case 'paused':
    case 'skipped':
      return message(`execution.${status}`);
    case 'running':
      return stageDoings(subject.stages)[0]?.sentence ?? message('execution.between');
    case 'succeeded':
      return succeededSentence(subject);
    case 'failed':
    case 'errored':
    case 'stopped':
      return endedAt(subject, status);
    case 'canceled':
      return cancelRequestedBy
        ? message('execution.canceledBy', { by: cancelRequestedBy })
        : message('execution.canceled');
    default:
      return status satisfies never;
  }
}

/** What one of the stages that people wrote does or waits for. */
export interface StageDoing {
  /** Of the stage that people wrote, whichever of its parts it is that waits. */
  readonly refId: string;
  readonly name: string;
  readonly sentence: Message;
  /** When the wait ends by itself; null when it does not, or there is none. */
  readonly until: string | null;
}

/**
 * One sentence for every stage that runs or waits, what people can end first. The first is the
 * execution's own sentence, so that what is told beside it is of the same stage.
 */
export function stageDoings(stages: readonly SentenceStage[]): StageDoing[] {
  const byRef = new Map(stages.map((stage) => [stage.refId, stage]));
  const told = new Map<string, StageDoing>();
  const waits = stages
    .filter((stage) => stage.waiting && !isComplete(stage.status))
    .toSorted((a, b) => tellingPlace(a.waiting) - tellingPlace(b.waiting));
  for (const stage of waits) {
    const top = topOf(stage, byRef);
    if (!stage.waiting || told.has(top.refId)) continue;
    const name = nameOf(top);
    const sentence = lookSentence(name, stage) ?? waitingSentence(name, stage.waiting);
    told.set(top.refId, { refId: top.refId, name, sentence, until: stage.waiting.until });
  }
  for (const stage of stages) {
    if (stage.parentRefId !== null || stage.status !== 'running' || told.has(stage.refId)) continue;
    const name = nameOf(stage);
    const sentence = message('execution.running', { stage: name });
    told.set(stage.refId, { refId: stage.refId, name, sentence, until: null });
  }
  return [...told.values()];
}

/** A canary that is being judged: which look comes when. Null for any other wait. */
function lookSentence(stage: string, told: SentenceStage): Message | null {
  const { number, planned } = told.waiting?.reason.values ?? {};
  const until = told.waiting?.until;
  if (told.type !== 'canaryAnalysis' || !until || number === undefined || planned === undefined) return null;
  // Beyond what was planned there is no “of”: it goes on until the metrics can tell.
  const key = Number(number) > Number(planned) ? 'execution.analysingOn' : 'execution.analysing';
  return message(key, { stage, number, planned, until: Date.parse(until) });
}

function tellingPlace(waiting: Waiting | null): number {
  return waiting ? TELLING_ORDER.indexOf(waiting.kind) : TELLING_ORDER.length;
}

function waitingSentence(stage: string, waiting: Waiting): Message {
  const until = waiting.until === null ? null : Date.parse(waiting.until);
  if (waiting.kind === 'person') {
    const who = judges(waiting.who);
    return until === null
      ? message('execution.waitingPerson', { stage, who })
      : message('execution.waitingPersonUntil', { stage, who, until });
  }
  if (waiting.kind === 'time' && until !== null)
    return message('execution.waitingTimeUntil', { stage, until });
  return message(`execution.waiting.${waiting.kind}`, { stage });
}

/** Admins are the ones to ask when nobody else is there; naming them beside others only adds length. */
function judges(who: readonly string[]): string {
  const others = who.filter((one) => one !== 'admin');
  return (others.length > 0 ? others : who).join(', ') || 'anyone';
}

/** Stages that leave the execution's artifact in its environment. */
const DELIVERING = new Set(['deploy', 'rollbackCluster', 'pipeline']);

function succeededSentence({ artifact, version, environment, stages }: SentenceSubject): Message {
  const top = stages.filter((stage) => stage.parentRefId === null);
  const failed = top.filter(({ status }) => status !== 'succeeded' && status !== 'skipped');
  const skipped = top.filter(({ status }) => status === 'skipped');
  if (failed.length > 0) return message('execution.succeededExcept', { stages: listed(failed) });
  const delivered = top.filter(({ type, status }) => DELIVERING.has(type) && status === 'succeeded');
  const places = [...new Set(delivered.flatMap((stage) => stage.environment ?? []))];
  const where = places.length > 0 ? shortList(places, PLACES) : environment;
  if (delivered.length > 0 && artifact && version && where)
    return message('execution.delivered', { artifact, version, environment: where });
  return skipped.length > 0
    ? message('execution.succeededWithout', { stages: listed(skipped) })
    : message('execution.succeeded');
}

const LISTED = 3;
const PLACES = 5;

function listed(stages: readonly SentenceStage[]): string {
  return shortList(
    stages.map((stage) => `“${nameOf(stage)}”`),
    LISTED,
  );
}

function shortList(names: readonly string[], most: number): string {
  return `${names.slice(0, most).join(', ')}${names.length > most ? ` +${names.length - most}` : ''}`;
}

function endedAt(subject: SentenceSubject, status: 'failed' | 'errored' | 'stopped'): Message {
  return decidingEnding(subject)?.sentence ?? message(`execution.${status}`);
}

/** How one of the stages that people wrote went wrong. */
export interface StageEnding {
  readonly refId: string;
  readonly name: string;
  readonly status: 'failed' | 'errored' | 'stopped';
  readonly sentence: Message;
  readonly reason: Message | null;
}

/** The ending that the execution's own sentence tells, with its reason; null when it tells of no stage. */
export function decidingEnding(execution: Pick<SentenceSubject, 'status' | 'stages'>): StageEnding | null {
  return stageEndings(execution).find(({ status }) => status === execution.status) ?? null;
}

/** All stages that went wrong. None of an execution that went well in spite of them: its sentence names them. */
export function stageEndings({ status, stages }: Pick<SentenceSubject, 'status' | 'stages'>): StageEnding[] {
  return status === 'succeeded'
    ? []
    : stages.filter(({ parentRefId }) => parentRefId === null).flatMap((stage) => endingOf(stage) ?? []);
}

function endingOf(stage: SentenceStage): StageEnding | null {
  const { refId, status, error: reason } = stage;
  if (status !== 'failed' && status !== 'errored' && status !== 'stopped') return null;
  const name = nameOf(stage);
  return { refId, name, status, sentence: message(`execution.${status}At`, { stage: name }), reason };
}

function topOf(stage: SentenceStage, byRef: ReadonlyMap<string, SentenceStage>): SentenceStage {
  let top = stage;
  for (let parent: SentenceStage | undefined = stage; parent; ) {
    top = parent;
    const { parentRefId }: SentenceStage = parent;
    parent = parentRefId === null ? undefined : byRef.get(parentRefId);
  }
  return top;
}

/** Stages of a definition carry their name as text, also where it is told in every language. */
function nameOf(stage: SentenceStage): string {
  const { text } = stage.name.values;
  return typeof text === 'string' ? text : stage.refId;
}
