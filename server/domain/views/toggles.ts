import type { Message } from '@/server/domain/message';
import type { Freeze, ToggleNotification } from '@/server/domain/toggle-environments';
import type { Explanation, RuleList } from '@/server/domain/toggle-rules';
import type {
  FlagMetadata,
  FlagValueType,
  Targeting,
  ToggleDefinition,
  ToggleKind,
  Variants,
} from '@/server/domain/toggles';

/** What the doors say about toggles. */

/** The part of the people who get a variant; null for the default in the code. */
export interface VariantShare {
  readonly variant: string | null;
  /** From 0 to 100. */
  readonly percent: number;
}

/** What a toggle serves in an environment at this moment. */
export interface ToggleServing {
  /** The switch, after schedule and expiry. */
  readonly on: boolean;
  /** Why nobody gets what the rules say; null when they decide. */
  readonly held: 'off' | 'expired' | 'version' | 'prerequisite' | null;
  /** In one sentence. */
  readonly sentence: Message;
  /** Null when it depends on more than a percentage. */
  readonly shares: readonly VariantShare[] | null;
  /** What the clock will do next. */
  readonly next: { readonly at: string; readonly sentence: Message } | null;
}

export interface ToggleUse {
  /** Of the last 24 hours. */
  readonly evaluations: number;
  /** Of the last 24 hours, the most served first; null for the default in the code. */
  readonly variants: readonly { readonly variant: string | null; readonly count: number }[];
  readonly lastEvaluatedAt: string | null;
}

export interface ToggleEnvironmentSummary extends ToggleServing, ToggleUse {
  readonly environment: string;
  readonly requiresReview: boolean;
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Id of the change request that waits. */
  readonly openRequest: string | null;
  /** That runs there now. */
  readonly ramp: RampView | null;
}

export interface ToggleSummary {
  readonly key: string;
  readonly application: string | null;
  readonly name: string;
  readonly description: string;
  readonly kind: ToggleKind;
  readonly valueType: FlagValueType | null;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly expiresAt: string | null;
  readonly archivedAt: string | null;
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Those it stands in, in the order of environments. */
  readonly environments: readonly ToggleEnvironmentSummary[];
  /** Why it should be cleaned up; empty for most. */
  readonly stale: readonly StaleReason[];
}

export interface ToggleEnvironmentView extends ToggleEnvironmentSummary {
  readonly definition: ToggleDefinition;
  /** Times in which only the kill switch works, those that are over left out; soonest first. */
  readonly freezes: readonly Freeze[];
  /** Its targeting as rules; null when it was written by hand and says what rules cannot say. */
  readonly rules: RuleList | null;
  /** Executions that have still to switch it on there. */
  readonly underway: readonly { readonly executionId: string; readonly pipeline: string }[];
}

export interface RampView {
  readonly executionId: string;
  /** Who started it. */
  readonly by: string;
  readonly variant: string;
  /** How many steps are taken. */
  readonly step: number;
  readonly steps: number;
  /** That the steps have reached; null before the first. */
  readonly percent: number | null;
  /** The step to come; its time is null when a person or something else than the clock decides. Null after the last. */
  readonly next: { readonly percent: number; readonly at: string | null } | null;
  /** Canary configuration that judges the steps. */
  readonly guard: string | null;
  /** What it asks a person: whether it may begin, or what to do because the metrics cannot tell. */
  readonly asks: 'review' | 'unclear' | null;
  readonly isStopping: boolean;
}

export interface ToggleView extends Omit<ToggleSummary, 'environments'> {
  readonly onExpiry: 'report' | 'off';
  readonly variants: Variants;
  readonly metadata: FlagMetadata;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly environments: readonly ToggleEnvironmentView[];
  /** Environments it does not stand in yet. */
  readonly absentFrom: readonly string[];
  /** Toggles that need it, and where. */
  readonly dependents: readonly { readonly toggle: string; readonly environment: string }[];
  /** The newest changes. */
  readonly history: ToggleHistoryPage;
}

export interface ToggleChangeView {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  /** Null for what is the same everywhere. */
  readonly environment: string | null;
  readonly reason: Message | null;
  /** What changed, in words. */
  readonly changes: readonly Message[];
  /** A definition where there is an environment, else details; null for none. */
  readonly before: unknown;
  readonly after: unknown;
  /** The change that this one took back. */
  readonly undoes: string | null;
  /** A later change has taken it back. */
  readonly isTakenBack: boolean;
  /** Whether nothing has changed at this place since, so that it can be taken back. */
  readonly canUndo: boolean;
  /** Execution of a pipeline that made it. */
  readonly executionId: string | null;
}

export interface ToggleHistoryPage {
  readonly items: readonly ToggleChangeView[];
  readonly nextCursor: string | null;
}

/** What became of a change of how a toggle stands. */
export type ToggleChangeOutcome =
  | { readonly kind: 'applied'; readonly revision: number; readonly changeId: string }
  /** It was so already. */
  | { readonly kind: 'unchanged'; readonly revision: number }
  /** The environment demands review: it waits for another person. */
  | { readonly kind: 'requested'; readonly requestId: string; readonly sentence: Message };

export interface SegmentView {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly condition: Targeting;
  /** Toggles and segments that refer to it. */
  readonly usedBy: readonly string[];
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface ToggleEnvironmentRow {
  readonly name: string;
  readonly order: number;
  readonly requiresReview: boolean;
  readonly freezes: readonly Freeze[];
  readonly notifications: readonly ToggleNotification[];
  /** Toggles that stand in it. */
  readonly toggles: number;
  readonly clientKeys: number;
}

export interface ChangeRequestSummary {
  readonly id: string;
  readonly toggle: string;
  /** In plain words. */
  readonly toggleName: string;
  readonly application: string | null;
  readonly environment: string;
  readonly status: 'open' | 'applied' | 'rejected' | 'withdrawn';
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly comment: string | null;
  /** Open, and the toggle has changed since it was drafted: it cannot be approved any more. */
  readonly isOutdated: boolean;
  /** Whether the one who asks wrote it; nobody approves what they wrote. */
  readonly isOwn: boolean;
}

export interface ChangeRequestView extends ChangeRequestSummary {
  readonly before: ToggleDefinition | null;
  readonly after: ToggleDefinition;
  readonly rulesBefore: RuleList | null;
  readonly rulesAfter: RuleList | null;
  readonly changes: readonly Message[];
  /** What would be served, were it approved now. */
  readonly sentenceBefore: Message | null;
  readonly sentenceAfter: Message;
}

export interface ClientKeyView {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly kind: 'server' | 'web';
  readonly prefix: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface FlagImport {
  readonly flags: readonly {
    readonly key: string;
    readonly outcome: 'created' | 'changed' | 'unchanged' | 'refused';
    /** What is not kept as it was, or why it was refused. */
    readonly notes: readonly Message[];
    /** What stands and what would; null for what stays or is refused. */
    readonly change: {
      readonly before: ToggleDefinition | null;
      readonly after: ToggleDefinition;
      /** In words. */
      readonly changes: readonly Message[];
      readonly sentenceBefore: Message | null;
      readonly sentenceAfter: Message;
    } | null;
  }[];
  readonly segments: readonly {
    readonly key: string;
    /** kept: it stays as it is here, as was asked. */
    readonly outcome: 'created' | 'changed' | 'unchanged' | 'kept';
    /** Of one that differs: toggles that use it where the file does not speak of them. */
    readonly usedBy: readonly { readonly toggle: string; readonly environment: string }[];
  }[];
  /** What of the file as a whole is not kept. */
  readonly notes: readonly Message[];
  /** False after a dry run. */
  readonly isWritten: boolean;
}

export interface FlagExport {
  /** A flagd file. */
  readonly file: Readonly<Record<string, unknown>>;
  /** What flagd has no words for, by toggle. */
  readonly omitted: readonly { readonly key: string; readonly fields: readonly string[] }[];
}

export interface TogglePreview extends Explanation {
  /** What stands in the environment, or would with the draft. */
  readonly serving: ToggleServing;
}

export interface ScheduledMoment {
  readonly at: string;
  /** In which a person meant it; null for an expiry. */
  readonly timeZone: string | null;
  readonly kind: 'schedule' | 'expiry';
  readonly changes: readonly Message[];
  /** What is served from then on. */
  readonly sentence: Message;
  readonly shares: readonly VariantShare[] | null;
  /** It would lie in this one, so it is refused when it is saved. */
  readonly freeze: Freeze | null;
}

export interface StaleReason {
  readonly kind: 'expired' | 'neverUsed' | 'notEvaluated' | 'oneSided' | 'onForAll';
  /** Null where it is about all of them. */
  readonly environment: string | null;
  readonly since: string;
  readonly sentence: Message;
}

export interface StaleToggle {
  readonly key: string;
  readonly name: string;
  readonly application: string | null;
  readonly kind: ToggleKind;
  readonly owner: string | null;
  readonly reasons: readonly StaleReason[];
}

export interface ToggleCounts {
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly lastEvaluatedAt: string | null;
  /** By hour, oldest first; null for the default in the code. */
  readonly hours: readonly {
    readonly hour: string;
    readonly variant: string | null;
    readonly count: number;
  }[];
}
