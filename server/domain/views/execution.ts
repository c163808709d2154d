import type { StageLogEntry, Trigger, Waiting } from '@/server/domain/execution';
import type { Message } from '@/server/domain/message';
import type { FailurePolicy, ParameterValues } from '@/server/domain/pipeline';
import type { RampSubject } from '@/server/domain/ramp';
import type { Status } from '@/server/domain/status';
import type { PinView } from '@/server/domain/views/board';

export interface ExecutionSummary {
  readonly id: string;
  readonly application: string;
  readonly pipeline: string;
  readonly status: Status;
  readonly environment: string | null;
  readonly artifact: string | null;
  readonly version: string | null;
  readonly trigger: Trigger;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly waitingForPerson: boolean;
  /** What it raises and where; null when it is no ramp. */
  readonly ramp: RampSubject | null;
}

export interface ExecutionPage {
  readonly items: readonly ExecutionSummary[];
  readonly nextCursor: string | null;
}

export interface ExecutionView extends ExecutionSummary {
  readonly pipelineRevision: number;
  readonly digest: string | null;
  readonly parameters: ParameterValues;
  readonly error: Message | null;
  readonly cancelRequestedBy: string | null;
  /** The one sentence on top: what it is doing and until when. */
  readonly sentence: Message;
  readonly stages: readonly StageView[];
  /** Everything that does not move, with its reason. Without a refId it is the execution itself. */
  readonly waitingFor: readonly (Waiting & { readonly refId: string | null })[];
  /** Earlier tries of stages that were done again, oldest first. */
  readonly tries: readonly StageTry[];
  readonly rerunOf: string | null;
}

/** A stage in the graph. Children name their parent; siblings are joined by `requires` (refIds). */
export interface StageView {
  readonly refId: string;
  readonly parentRefId: string | null;
  readonly type: string;
  readonly name: Message;
  readonly status: Status;
  readonly requires: readonly string[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly waiting: Waiting | null;
  readonly error: Message | null;
  /** Which try this is; more than 1 when someone restarted from here or from before. */
  readonly try: number;
  /** What becomes of the pipeline when it does not succeed. */
  readonly onFailure: FailurePolicy;
  /** Who asked to skip it, when it has not ended yet. */
  readonly skipRequestedBy: string | null;
  /** Whether it may be left out, or cut short, now. */
  readonly skippable: boolean;
}

export interface StageTry {
  readonly refId: string;
  readonly try: number;
  readonly status: Status;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Something that has not ended, and why it does not move. */
export interface WaitingItem {
  readonly executionId: string;
  readonly application: string;
  readonly pipeline: string;
  readonly environment: string | null;
  readonly version: string | null;
  /** What it raises and where; null when it is no ramp. */
  readonly ramp: RampSubject | null;
  readonly status: Status;
  /** Stage it is about; null when it is the execution itself. */
  readonly refId: string | null;
  readonly stageName: Message | null;
  readonly since: string;
  readonly waiting: Waiting;
}

/** Details of one stage, read apart so that the graph stays light. */
export interface StageDetails extends StageView {
  readonly config: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly log: readonly StageLogEntry[];
  readonly judgment: JudgmentView | null;
}

export interface JudgmentView {
  readonly decision: 'continue' | 'stop';
  readonly input: string | null;
  readonly comment: string | null;
  readonly by: string;
  readonly at: string;
}

/** What a person needs to decide a gate; the same card everywhere, frozen with the decision. */
export interface Evidence {
  readonly executionId: string;
  readonly refId: string;
  readonly application: string;
  readonly pipeline: string;
  /** What it raises and where; null when it is no ramp. */
  readonly ramp: RampSubject | null;
  readonly stageName: Message;
  readonly environment: string | null;
  readonly instructions: string;
  readonly inputs: readonly string[];
  readonly roles: readonly string[];
  readonly since: string;
  readonly expiresAt: string | null;
  readonly requestedBy: string;
  readonly change: readonly EvidenceChange[];
  readonly artifact: {
    readonly name: string;
    readonly version: string;
    readonly digest: string;
    readonly createdAt: string;
    readonly metadata: Readonly<Record<string, string>>;
  } | null;
  /** Where this very artifact has run already and how it fares there. */
  readonly elsewhere: readonly {
    readonly environment: string;
    readonly since: string;
    readonly healthy: number;
    readonly total: number;
  }[];
  readonly warnings: readonly Message[];
  /** What happens next in each case. */
  readonly onContinue: readonly Message[];
  readonly onStop: readonly Message[];
  /** Seconds a rollback took last time, or is expected to take; null where nothing is deployed. */
  readonly rollbackSeconds: number | null;
  readonly judgment: JudgmentView | null;
  readonly mayDecide: boolean;
  /** Why not, when not. */
  readonly mayNotReason: Message | null;
}

export interface EvidenceChange {
  readonly region: string;
  readonly from: { readonly version: string; readonly digest: string; readonly since: string | null } | null;
  readonly to: { readonly version: string; readonly digest: string };
  /** Null where the platform has none: functions. */
  readonly instances: number | null;
}

/** What a rollback would do, before anyone presses the button. */
export interface RollbackPreview {
  readonly application: string;
  readonly cluster: string;
  readonly account: string;
  readonly environment: string | null;
  readonly possible: boolean;
  readonly why: Message | null;
  readonly regions: readonly {
    readonly region: string;
    readonly from: { readonly serverGroup: string; readonly version: string } | null;
    readonly to: { readonly serverGroup: string; readonly version: string } | null;
    /** Healthy ones where it goes back to; a function that can be called counts as one. */
    readonly instancesReady: number;
    readonly why: Message | null;
  }[];
  /**
   * Set where nobody sees its account now: all this is as it was last seen, at `seenAt`. What goes back, what is pinned
   * and what is vetoed is decided when the rollback runs, on what the platform says then.
   */
  readonly unseen: { readonly seenAt: string | null } | null;
  /** Its platform has no instances. */
  readonly serverless: boolean;
  /** What it took last time, or an estimate; with the time that instances take to start first, where that is known. */
  readonly expectedSeconds: number;
  /** Whether `expectedSeconds` is of a rollback that has been. */
  readonly measured: boolean;
  /** Null when all that it needs runs. `seconds` is what they took when they were last created; null when not known. */
  readonly startsFirst: { readonly instances: number; readonly seconds: number | null } | null;
  readonly pins: { readonly version: string; readonly hours: number } | null;
  readonly vetoes: { readonly version: string; readonly digest: string } | null;
  /** What will not come back: configuration is that of the old group, data is not touched. */
  readonly notUndone: readonly Message[];
  readonly currentPin: PinView | null;
  /** The deploy at work on this cluster, which a rollback withdraws first. */
  readonly withdraws: { readonly executionId: string; readonly version: string | null } | null;
}

/** How delivery went, day by day, in the reader's time zone. */
export interface DeliveryTrend {
  /** Oldest first, every day of the span, also those without any execution. */
  readonly days: readonly TrendDay[];
  /** Of executions that ended: how many did not succeed, 0..1; null when none ended. */
  readonly failureShare: number | null;
  /** Seconds from start to end of half of the successful ones, waiting for people included. */
  readonly medianSeconds: number | null;
  readonly rollbacks: number;
}

export interface TrendDay {
  /** ISO date. */
  readonly day: string;
  readonly succeeded: number;
  /** Failed and errored. */
  readonly failed: number;
  /** Stopped at a gate, canceled or skipped. */
  readonly withdrawn: number;
}

/** What a deploy would write, region by region, in every environment that its pipeline delivers to. */
export interface DeploymentPreview {
  readonly application: string;
  readonly environment: string;
  readonly account: string;
  readonly version: string;
  readonly pipeline: string;
  /** What the pipeline would do if it started now, in its order. */
  readonly stages: readonly StagePreview[];
  /** What the platform would be given where server groups are created; none where none can be foreseen. */
  readonly regions: readonly RegionPreview[];
}

export interface StagePreview {
  readonly refId: string;
  readonly type: string;
  readonly name: string;
  /** Where it deploys to; null when it is not a deploy. */
  readonly environment: string | null;
  /** None for a stage that is one step by itself; null when they cannot be told, or are refused. */
  readonly steps: readonly StepPreview[] | null;
  /** False when a region begins where the one before has ended. */
  readonly regionsAtOnce: boolean;
  /** Why it would be refused. */
  readonly refusal: Message | null;
  /** Why its steps cannot be told yet. */
  readonly later: Message | null;
}

export interface StepPreview {
  /** Null for what belongs to no region. */
  readonly region: string | null;
  readonly type: string;
  readonly name: Message;
  /** How many a new or resized server group has. */
  readonly instances: number | null;
  /** Why it would be refused if everything before it goes well. */
  readonly refusal: Message | null;
  /** What would come of it that nobody refuses. */
  readonly warning: Message | null;
}

export interface RegionPreview {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** How the server group would be called that stays; the last that is created. */
  readonly serverGroup: string | null;
  /** Null when the platform did not say. */
  readonly changes:
    | readonly {
        readonly kind: string;
        readonly name: string;
        /** YAML; null when it is not there yet. */
        readonly before: string | null;
        /** YAML; null when it will be gone. */
        readonly after: string | null;
        /** The same for the version that serves now: what is new is what differs from it. */
        readonly serving: { readonly version: string; readonly text: string } | null;
      }[]
    | null;
  /** Why it did not, in its words. */
  readonly why: string | null;
  /** False when the platform cannot say beforehand what it would write. */
  readonly able: boolean;
}
