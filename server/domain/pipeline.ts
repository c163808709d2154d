import { z } from 'zod';
import { capacitySchema } from '@/server/domain/inventory';
import { roleSchema } from '@/server/domain/roles';

/**
 * An object that people write. A field that there is not is a slip of the pen, and what was meant by it would
 * silently not happen.
 */
function written<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? noSuchField(issue.keys) : undefined),
  });
}

/** What to say of fields that there are not. */
export function noSuchField(names: readonly string[]): string {
  return `there is no field ${names.map((name) => `"${name}"`).join(' or ')} here`;
}

/** Names that appear in URLs, server group names and commands. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._]{0,62}$/, 'use lower-case letters, digits, dots and underscores (at most 63)');

/** Pipelines, webhook sources and endpoints are no part of server group names, so hyphens are welcome. */
export const pipelineNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'use lower-case letters, digits, dots, hyphens and underscores (at most 63)',
  );

/** What `eachOnce` asks for: a region that stood twice in a list would be worked on twice at the same time. */
export const NAMED_ONCE = 'name each region only once';

export const refIdSchema = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/);

/** What becomes of the pipeline when a stage does not succeed. */
export const FAILURE_POLICIES = ['haltPipeline', 'haltBranch', 'haltBranchThenFail', 'ignore'] as const;
export const failurePolicySchema = z.enum(FAILURE_POLICIES);
/**
 * - haltPipeline        no other stage starts, what waits is withdrawn, rollouts under way are finished
 * - haltBranch          what comes after it is skipped; other branches decide how the execution ends
 * - haltBranchThenFail  as haltBranch, but the execution takes the stage's status when all have ended
 * - ignore              what comes after it runs as if it had succeeded
 */
export type FailurePolicy = z.infer<typeof failurePolicySchema>;
export const DEFAULT_FAILURE_POLICY: FailurePolicy = 'haltPipeline';

const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time of day such as 09:30');
/** As the platform's own tables know it, e.g. Europe/Berlin. */
export const timeZoneSchema = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

/** When a stage may start. Outside it waits, unless someone who may lets it start at once. */
export const timeWindowSchema = written({
  timeZone: timeZoneSchema,
  /** ISO days of the week on which a span begins: 1 Monday … 7 Sunday. All when absent. */
  days: z.array(z.number().int().min(1).max(7)).min(1).optional(),
  /** A span whose end is not after its start goes past midnight. */
  spans: z
    .array(written({ from: timeOfDay, to: timeOfDay }))
    .min(1)
    .max(24),
  /** Starts are spread over so many seconds after the window opens. */
  jitterSeconds: z.number().int().min(0).max(3_600).optional(),
});
export type TimeWindow = z.infer<typeof timeWindowSchema>;

/** Longest time that a stage may be given: thirty days. */
export const MAX_TIMEOUT_SECONDS = 2_592_000;

/**
 * A stage as people write it. Any text in `config` may hold `${expression}`; a text that is nothing but
 * one expression takes the expression's type.
 */
export const stageDefinitionSchema = written({
  refId: refIdSchema,
  type: z.string().min(1),
  name: z.string().min(1).max(120),
  requires: z.array(refIdSchema).default([]),
  config: z.record(z.string(), z.unknown()).default({}),
  /** An expression, without `${}`: the stage is skipped when it is not true. */
  when: z.string().min(1).max(2000).optional(),
  /** haltPipeline when absent. */
  onFailure: failurePolicySchema.optional(),
  /** Working time, pauses and closed windows not counted, after which the stage fails. */
  timeoutSeconds: z.number().int().positive().max(MAX_TIMEOUT_SECONDS).optional(),
  window: timeWindowSchema.optional(),
  comments: z.string().max(2000).optional(),
});
export type StageDefinition = z.infer<typeof stageDefinitionSchema>;

export const parameterValueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type ParameterValue = z.infer<typeof parameterValueSchema>;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

export const PARAMETER_TYPES = ['string', 'number', 'boolean', 'date'] as const;
export const parameterDefinitionSchema = written({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/),
  /** string when absent; a date is `YYYY-MM-DD`. */
  type: z.enum(PARAMETER_TYPES).optional(),
  label: z.string().max(200).optional(),
  description: z.string().max(2000).optional(),
  default: parameterValueSchema.optional(),
  required: z.boolean().default(false),
  options: z.array(parameterValueSchema).min(1).optional(),
});
export type ParameterDefinition = z.infer<typeof parameterDefinitionSchema>;

/** What starts the pipeline by itself. `config` fits the trigger type of the registry. */
export const triggerDefinitionSchema = written({
  /** Unique within the pipeline; its state (next run, last digest) hangs on it. */
  id: refIdSchema,
  type: z.string().min(1),
  enabled: z.boolean().default(true),
  config: z.record(z.string(), z.unknown()).default({}),
  /** Every pattern must be found in the value at its path in the event's payload. */
  constraints: z
    .array(written({ path: z.string().min(1).max(200), pattern: z.string().min(1).max(500) }))
    .optional(),
  /** What to deliver; the event's own artifact when absent. Texts may hold `${trigger.payload…}` expressions. */
  artifact: written({ name: z.string().min(1), version: z.string().min(1) }).optional(),
  /** Values for parameters; texts may hold `${trigger.payload…}` expressions. */
  parameters: z.record(z.string(), parameterValueSchema).optional(),
});
export type TriggerDefinition = z.infer<typeof triggerDefinitionSchema>;

/** How many executions of the pipeline may run at once, and what happens to those that wait. */
export const concurrencySchema = written({
  limit: z.number().int().min(1).max(100),
  /** fifo: the oldest goes first. newest: the newest goes, the others that wait are canceled. */
  waiting: z.enum(['fifo', 'newest']),
});
export type Concurrency = z.infer<typeof concurrencySchema>;

/** Moments of an execution that are told to the outside. */
export const NOTIFICATION_EVENTS = [
  'execution.queued',
  'execution.started',
  'execution.succeeded',
  'execution.failed',
  'execution.stopped',
  'execution.canceled',
  'stage.started',
  'stage.succeeded',
  'stage.failed',
  'judgment.waiting',
  'judgment.decided',
  'service.deployed',
  'service.rolledback',
  'service.removed',
] as const;
export const notificationEventSchema = z.enum(NOTIFICATION_EVENTS);
export type NotificationEvent = z.infer<typeof notificationEventSchema>;

export const notificationRuleSchema = written({
  /** Name of an endpoint that an administrator has set up. */
  endpoint: pipelineNameSchema.meta({ widget: 'endpoint' }),
  events: z.array(notificationEventSchema).min(1),
});
export type NotificationRule = z.infer<typeof notificationRuleSchema>;

/** A pipeline as people write it. That the graph is acyclic and stage configs fit is checked by the service. */
export const pipelineDefinitionSchema = written({
  name: pipelineNameSchema,
  description: z.string().max(2000).default(''),
  parameters: z.array(parameterDefinitionSchema).default([]),
  stages: z.array(stageDefinitionSchema).min(1).max(1000),
  triggers: z.array(triggerDefinitionSchema).max(50).optional(),
  /** No limit when absent. */
  concurrency: concurrencySchema.optional(),
  notifications: z.array(notificationRuleSchema).max(50).optional(),
  /** True: nothing starts it until it is enabled again. */
  disabled: z.boolean().optional(),
});
export type PipelineDefinition = z.infer<typeof pipelineDefinitionSchema>;

export const environmentDefinitionSchema = written({
  name: slugSchema,
  /** Left to right on the board. */
  order: z.number().int().default(0),
  account: z.string(),
  regions: z.array(z.string()).min(1).refine(eachOnce, NAMED_ONCE),
  /** The stack part of its cluster names; the environment's name when absent. */
  stack: slugSchema.optional(),
  capacity: capacitySchema.strict(),
  /** Bound at deploy time and given to instances as environment variables. */
  config: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** Artifact that runs here. */
  artifact: slugSchema,
  /** Pipeline that `deploy artifact=… environment=…` starts. */
  pipeline: pipelineNameSchema,
  /** Whether the last healthy enabled server group is protected. */
  guarded: z.boolean().default(true),
});
export type EnvironmentDefinition = z.infer<typeof environmentDefinitionSchema>;

/** An application as code: what `signalbox apply` and PUT /api/v1/applications/{app} take. */
export const applicationDefinitionSchema = written({
  name: slugSchema,
  description: z.string().max(2000).default(''),
  owner: z.string().max(200).default(''),
  environments: z.array(environmentDefinitionSchema).default([]),
  pipelines: z.array(pipelineDefinitionSchema).default([]),
  /** Written when they are named here; others stay as they are. */
  canaryConfigs: z
    .array(
      z.object({
        name: pipelineNameSchema,
        /** Name of the metrics source that it asks. */
        source: z.string().min(1),
        /** In the words of Kayenta. */
        config: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
});
export type ApplicationDefinition = z.infer<typeof applicationDefinitionSchema>;

export const judgmentConfigSchema = z.object({
  instructions: z.string().max(4000).default(''),
  /** Who may judge, besides needing the permission. Empty: anyone with the permission. */
  roles: z.array(roleSchema).default([]),
  /** Answers offered beside continue and stop. */
  inputs: z.array(z.string()).default([]),
  /** Seconds after which the gate stops by itself. Default three days, at most thirty. */
  expiresAfterSeconds: z.number().int().positive().max(MAX_TIMEOUT_SECONDS).default(259_200),
});

export type JudgmentConfig = z.infer<typeof judgmentConfigSchema>;

export function eachOnce(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
