import type { z } from 'zod';
import type { StageLogEntry, Waiting } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Message } from '@/server/domain/message';
import type { FailurePolicy, JudgmentConfig, ParameterValues } from '@/server/domain/pipeline';
import type { StageGroup } from '@/server/domain/stage-group';
import type { EngineServices } from '@/server/engine/services';

/**
 * A stage type. `tasks` run one after the other; each call of a task is short, idempotent, and
 * answers how it stands. Waiting is an answer (`running` with `waiting`), never a held promise, so
 * that it costs a row and survives any crash.
 */
export interface StageType<Config = unknown> {
  readonly type: string;
  readonly label: string;
  /** Where the editor offers it. */
  readonly group: StageGroup;
  /** False: only other stages create it, and the editor does not offer it. */
  readonly authorable: boolean;
  /**
   * What may be configured. Fields carry `.meta({ widget })` (see domain/widgets.ts) where a form should
   * offer more than the bare type says; the same mark makes the service check that what is named exists.
   */
  readonly configSchema: z.ZodType<Config>;
  /** Whether it works on the execution's artifact, or gives the execution one. */
  readonly artifact?: 'needs' | 'gives';
  /** Fields of its configuration whose expressions it evaluates itself, in its own order. */
  readonly evaluates?: readonly string[];
  /** What the person is asked for whose decision it waits, always or when it cannot tell by itself. */
  gate?(config: Config): JudgmentConfig;
  /** A person may end its waiting early; it is then skipped. */
  readonly skippable?: boolean;
  /**
   * Its tasks only read or write our own database and answer at once: its start and its first answer
   * are committed together, which halves the cost of the many small stages of large pipelines.
   */
  readonly instant?: boolean;
  /**
   * Names what the stage must have to itself from planning to its end, such as a cluster. While another
   * stage has it, this one waits. Null for nothing.
   */
  slot?(context: StageContext<Config>): Promise<Slot | null>;
  /** Child stages, decided when the stage starts from what is there then. They run before `tasks`. */
  plan?(context: StageContext<Config>): Promise<PlanResult>;
  readonly tasks: readonly Task<Config>[];
  /** Run instead of `tasks` when a child failed and all others have ended; then the stage takes the child's status. */
  readonly onFailure?: readonly Task<Config>[];
  /**
   * Run after the stage was canceled while running, to leave nothing half way: traffic on two versions, a
   * job that nobody awaits. The stage stays canceled whatever they answer; what they did is in its log.
   */
  readonly onCancel?: readonly Task<Config>[];
}

/** The stage types an engine knows, by name. */
export type StageCatalogue = Readonly<Record<string, StageType>>;

export interface Slot {
  readonly key: string;
  /** Whether a withdrawn stage that still cleans up has it, too. A rollback must not wait for that. */
  readonly untilCleanedUp: boolean;
  /** What to tell people while it is taken. */
  readonly waiting: Message;
}

/** Children to run, or a refusal, or not yet. */
export type PlanResult =
  | {
      readonly status: 'planned';
      readonly children: readonly ChildStage[];
      readonly outputs?: Outputs;
      readonly log?: readonly Message[];
    }
  | TaskResult;

export interface Task<Config = unknown> {
  readonly name: string;
  run(context: StageContext<Config>): Promise<TaskResult>;
}

export interface ChildStage {
  /** Unique among its siblings; the child's refId is `<parent>.<key>`. */
  readonly key: string;
  readonly type: string;
  readonly name: Message;
  /** Keys of siblings that must have succeeded. */
  readonly requires: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** haltPipeline when absent: the parent fails with it. */
  readonly onFailure?: Extract<FailurePolicy, 'haltPipeline' | 'ignore'>;
}

export type TaskResult =
  | {
      readonly status: 'running';
      /** Look again after this long at the latest; a platform notice or a decision wakes it earlier. */
      readonly retryAfterMs: number;
      readonly waiting: Waiting;
      /** Key (see `wakeKey`) whose notice from a platform wakes the stage before its time. */
      readonly wakeOn?: string;
      readonly outputs?: Outputs;
      readonly log?: readonly Message[];
    }
  | {
      readonly status: 'succeeded' | 'skipped';
      /** From here on this is what the execution delivers. */
      readonly delivers?: ArtifactRef;
      readonly outputs?: Outputs;
      readonly log?: readonly Message[];
    }
  | {
      readonly status: 'failed' | 'errored' | 'stopped';
      readonly error: Message;
      readonly outputs?: Outputs;
      readonly log?: readonly Message[];
    };

/** Values a stage leaves for those after it and for the screens. JSON, no secrets. */
export type Outputs = Readonly<Record<string, unknown>>;

export interface StageContext<Config = unknown> {
  readonly execution: {
    readonly id: string;
    readonly application: string;
    readonly pipeline: string;
    readonly environment: string | null;
    /** What the execution delivers. */
    readonly artifact: ArtifactRef | null;
    readonly parameters: ParameterValues;
    readonly startedBy: string;
  };
  readonly stage: {
    readonly id: string;
    readonly refId: string;
    readonly name: string;
    /** When the stage first started. */
    readonly startedAt: Date;
    /** Of the time since then, what does not count because a person held the execution. */
    readonly pausedMs: number;
    /** What earlier tasks and calls of this stage put out. */
    readonly outputs: Outputs;
    readonly log: readonly StageLogEntry[];
  };
  readonly config: Config;
  /** Rises with every lease of this stage's work; given to the platform as the operation's fence. */
  readonly fence: number;
  readonly signal: AbortSignal;
  readonly services: EngineServices;
}
