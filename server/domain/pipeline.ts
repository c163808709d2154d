import { z } from 'zod';
import { capacitySchema } from '@/server/domain/inventory';
import { roleSchema } from '@/server/domain/roles';

/** Names that appear in URLs, server group names and commands. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._]{0,62}$/, 'use lower-case letters, digits, dots and underscores (at most 63)');

/** Pipelines are not part of server group names, so hyphens are welcome. */
export const pipelineNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'use lower-case letters, digits, dots, hyphens and underscores (at most 63)',
  );

export const refIdSchema = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/);

export const stageDefinitionSchema = z.object({
  refId: refIdSchema,
  type: z.string().min(1),
  name: z.string().min(1).max(120),
  requires: z.array(refIdSchema).default([]),
  config: z.record(z.string(), z.unknown()).default({}),
});
export type StageDefinition = z.infer<typeof stageDefinitionSchema>;

export const parameterDefinitionSchema = z.object({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/),
  label: z.string().optional(),
  description: z.string().optional(),
  default: z.string().optional(),
  required: z.boolean().default(false),
  options: z.array(z.string()).optional(),
});

/** A pipeline as people write it. That the graph is acyclic and stage configs fit is checked by the service. */
export const pipelineDefinitionSchema = z.object({
  name: pipelineNameSchema,
  description: z.string().max(2000).default(''),
  parameters: z.array(parameterDefinitionSchema).default([]),
  stages: z.array(stageDefinitionSchema).min(1).max(1000),
});
export type PipelineDefinition = z.infer<typeof pipelineDefinitionSchema>;

export const environmentDefinitionSchema = z.object({
  name: slugSchema,
  /** Left to right on the board. */
  order: z.number().int().default(0),
  account: z.string(),
  regions: z.array(z.string()).min(1),
  /** The stack part of its cluster names; the environment's name when absent. */
  stack: slugSchema.optional(),
  capacity: capacitySchema,
  /** Bound at deploy time and given to instances as environment variables. */
  config: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** Artifact that runs here. */
  artifact: z.string(),
  /** Pipeline that `deploy artifact=… environment=…` starts. */
  pipeline: pipelineNameSchema,
  /** Whether the last healthy enabled server group is protected. */
  guarded: z.boolean().default(true),
});
export type EnvironmentDefinition = z.infer<typeof environmentDefinitionSchema>;

/** An application as code: what `signalbox apply` and PUT /api/v1/applications/{app} take. */
export const applicationDefinitionSchema = z.object({
  name: slugSchema,
  description: z.string().max(2000).default(''),
  owner: z.string().max(200).default(''),
  environments: z.array(environmentDefinitionSchema).default([]),
  pipelines: z.array(pipelineDefinitionSchema).default([]),
});
export type ApplicationDefinition = z.infer<typeof applicationDefinitionSchema>;

export const judgmentConfigSchema = z.object({
  instructions: z.string().max(4000).default(''),
  /** Who may judge, besides needing the permission. Empty: anyone with the permission. */
  roles: z.array(roleSchema).default([]),
  /** Answers offered beside continue and stop. */
  inputs: z.array(z.string()).default([]),
  /** Seconds after which the gate stops by itself. Default three days. */
  expiresAfterSeconds: z.number().int().positive().default(259_200),
});
