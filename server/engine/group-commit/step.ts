import type { StageLogEntry, Waiting } from '@/server/domain/execution';
import type { ClaimedJob } from '@/server/engine/queue/job';
import type { StageState } from '@/server/engine/state';

/** How most stages move. Everything else (failures, cancels, pauses, children) has a transaction of its own. */
export type Step = BeginStep | StageStep;
export type StageStep = StartStep | WaitStep | EndStep;

type Stage = Pick<StageState['stage'], 'id' | 'refId' | 'parentId' | 'timeoutSeconds'>;

/** A new execution starts, and its first stages get their jobs. */
export interface BeginStep {
  readonly kind: 'begin';
  readonly job: ClaimedJob;
}

/** From pending to running. */
export interface StartStep {
  readonly kind: 'start';
  readonly job: ClaimedJob;
  readonly stage: Stage;
  readonly taskIndex: number | null;
  /** Null when it is what the row has. */
  readonly config: Readonly<Record<string, unknown>> | null;
}

/** Still running; looks again later. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly job: ClaimedJob;
  readonly stage: Stage;
  readonly delayMs: number;
  readonly wakeOn: string | null;
  /** It goes on although a sibling failed, because it finishes its children or cleans up. */
  readonly regardless: boolean;
  /** What is new since the last look; null when nothing is. */
  readonly changes: {
    readonly waiting: Waiting;
    readonly attempts: number;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly log?: readonly StageLogEntry[];
  } | null;
  /** Whether it waits for something else than before, which people are told. */
  readonly isNews: boolean;
}

/** Ended in a way that lets what comes after it start. */
export interface EndStep {
  readonly kind: 'end';
  readonly job: ClaimedJob;
  readonly stage: Stage;
  readonly status: 'succeeded' | 'skipped';
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly log?: readonly StageLogEntry[];
  /** For a stage whose start was not committed yet: both are, together. */
  readonly start: StartStep | null;
}

/** A stage on its way through its steps. */
export interface Moving extends StageState {
  /** Its start, while that is not committed: it will be together with the first answer. */
  readonly start?: StartStep;
}
