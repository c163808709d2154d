import { type FailurePolicy, MAX_TIMEOUT_SECONDS, type TimeWindow } from '@/server/domain/pipeline';
import { type ImportTarget, timeZoneOf } from '@/server/interchange/spinnaker/context';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import { clip, type Source } from '@/server/interchange/spinnaker/source';
import type { Texts } from '@/server/interchange/spinnaker/texts';

/** What all stages have in common, whatever their type. */
export interface Common {
  readonly name: string;
  /** refIds there. */
  readonly requires: readonly string[];
  readonly when: string | undefined;
  /** A condition that could not be translated: a person decides in its place. */
  readonly unclear: { readonly condition: string; readonly why: string } | undefined;
  readonly onFailure: FailurePolicy | undefined;
  readonly window: TimeWindow | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly comments: string | undefined;
}

const MAX_NAME = 120;
const MAX_COMMENTS = 2_000;
const MAX_CONDITION = 2_000;
const EDITOR = [
  'showAdvancedOptions',
  'isNew',
  'user',
  'extendedAttributes',
  'stageCounter',
  'alias',
  'overrideTimeout',
];

export function readCommon(source: Source, type: string, target: ImportTarget, texts: Texts): Common {
  const name = source.text('name') || type;
  if (name.length > MAX_NAME) source.note('changed', 'name', `is cut to ${MAX_NAME} characters`);
  const comments = source.text('comments') || undefined;
  if ((comments?.length ?? 0) > MAX_COMMENTS)
    source.note('changed', 'comments', `is cut to ${MAX_COMMENTS} characters`);
  const requires = source.texts('requisiteStageRefIds') ?? [];
  source.needless('belongs to the editor there', ...EDITOR);
  source.needless('an expression that cannot be evaluated always fails the stage', 'failOnFailedExpressions');
  source.needless('platforms say by themselves when something is done', 'backoffPeriodMs');
  source.lose(
    'Artifacts are not passed between stages.',
    'expectedArtifacts',
    'requiredArtifactIds',
    'requiredArtifacts',
    'inputArtifacts',
    'expectedArtifact',
  );
  source.lose('A stage whose time is up fails.', 'markSuccessfulOnTimeout');
  source.lose('An execution that is late is not withdrawn.', 'startTimeExpiry');
  notifications(source);
  return {
    name: clip(name, MAX_NAME),
    requires,
    ...conditionOf(source, texts),
    onFailure: failureOf(source),
    window: windowOf(source, type, target),
    timeoutSeconds: timeoutOf(source),
    comments: comments === undefined ? undefined : clip(comments, MAX_COMMENTS),
  };
}

function notifications(source: Source): void {
  const why = 'Set up a notification endpoint and name it in the notifications of the pipeline.';
  if (source.has('notifications')) source.lose(why, 'notifications');
  source.needless('the notifications of the pipeline say what is told', 'notifications', 'sendNotifications');
}

function conditionOf(source: Source, texts: Texts): Pick<Common, 'when' | 'unclear'> {
  const enabled = source.child('stageEnabled');
  enabled?.needless('conditions are expressions', 'type');
  const condition = enabled?.text('expression')?.trim();
  if (!enabled || !condition) return { when: undefined, unclear: undefined };
  try {
    const when = texts.condition(condition);
    if (when.length > MAX_CONDITION) throw new Unmappable(`It is longer than ${MAX_CONDITION} characters.`);
    enabled.note('info', 'expression', `is now ${when}`);
    return { when, unclear: undefined };
  } catch (error) {
    if (!(error instanceof Unmappable)) throw error;
    enabled.note('changed', 'expression', `A person decides whether it is so. ${error.message}`);
    return { when: undefined, unclear: { condition, why: error.message } };
  }
}

function failureOf(source: Source): FailurePolicy | undefined {
  const goesOn = source.flag('continuePipeline') ?? false;
  const failsAll = source.flag('failPipeline') ?? true;
  const failsLater = source.flag('completeOtherBranchesThenFail') ?? false;
  if (goesOn) return 'ignore';
  if (failsAll) return undefined;
  return failsLater ? 'haltBranchThenFail' : 'haltBranch';
}

function timeoutOf(source: Source): number | undefined {
  const ms = source.number('stageTimeoutMs');
  if (ms === undefined || ms <= 0) return undefined;
  const seconds = Math.ceil(ms / 1_000);
  if (seconds > MAX_TIMEOUT_SECONDS) source.note('changed', 'stageTimeoutMs', 'is thirty days at most');
  return Math.min(seconds, MAX_TIMEOUT_SECONDS);
}

function windowOf(source: Source, type: string, target: ImportTarget): TimeWindow | undefined {
  const flag = source.flag('restrictExecutionDuringTimeWindow') ?? false;
  const window = source.child('restrictedExecutionWindow');
  if (!window || (!flag && type !== 'restrictExecutionDuringTimeWindow')) {
    if (window) source.needless('is turned off', 'restrictedExecutionWindow');
    window?.needless('is turned off', ...Object.keys(window.json));
    return undefined;
  }
  const timeZone = timeZoneOf(target);
  if (target.mapping.timeZone === undefined)
    window.note('changed', '', `Its times are taken to be of ${timeZone}, where Spinnaker is by default.`);
  const days = window.texts('days')?.map((day) => ((Number(day) + 5) % 7) + 1);
  const jitterSeconds = jitterOf(window);
  const spans = window.children('whitelist').map((span) => ({
    from: timeOf(span.number('startHour'), span.number('startMin')),
    to: timeOf(span.number('endHour'), span.number('endMin')),
  }));
  return {
    timeZone,
    ...(days && days.length > 0 ? { days: [...new Set(days)].sort() } : {}),
    spans: spans.length > 0 ? spans.slice(0, 24) : [{ from: '00:00', to: '00:00' }],
    ...(jitterSeconds ? { jitterSeconds } : {}),
  };
}

function jitterOf(window: Source): number | undefined {
  const jitter = window.child('jitter');
  const most = jitter?.number('maxDelay');
  const on = jitter?.flag('enabled') ?? false;
  if (on)
    jitter?.lose('Starts are spread from the opening on, also those of people.', 'minDelay', 'skipManual');
  jitter?.needless('is turned off', 'minDelay', 'skipManual');
  return on && most ? Math.min(most, 3_600) : undefined;
}

function timeOf(hour = 0, minute = 0): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(hour % 24)}:${two(minute % 60)}`;
}
