import { z } from 'zod';
import { timeZoneSchema } from '@/server/domain/pipeline';

/**
 * Feature toggles. A `flag` is flagd's flag definition, as its schema has it and as in-process providers read it; a
 * `toggle` is our record around it: what people call it, and how it stands in every environment.
 */

// ── flagd's flag definitions ──────────────────────────────────────────────────────────────────────────────────────

/** Some providers put keys into an address without encoding them, and objects know names of their own. */
const KEY = /^(?!__proto__$)[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const flagKeySchema = z
  .string()
  .max(200)
  .regex(
    KEY,
    'must begin with a letter or digit and hold only letters, digits, dots, dashes and underscores',
  );

export const OBJECT_NAME = 'is a name that objects use themselves';
/** What every object has anyway; some readers refuse a document with such a name in it. */
export function isObjectName(name: string): boolean {
  return ['__proto__', 'constructor', 'prototype'].includes(name);
}

/** `$ref` is replaced as text by every provider, so a segment's key holds nothing that JSON would escape. */
export const segmentKeySchema = flagKeySchema;

export const variantNameSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => name !== '__proto__', OBJECT_NAME);

export const FLAG_VALUE_TYPES = ['boolean', 'string', 'number', 'object'] as const;
export const flagValueTypeSchema = z.enum(FLAG_VALUE_TYPES);
export type FlagValueType = z.infer<typeof flagValueTypeSchema>;

export const jsonObjectSchema = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof jsonObjectSchema>;
export type Json = z.infer<ReturnType<typeof z.json>>;

export const flagValueSchema = z.union([z.boolean(), z.string(), z.number(), jsonObjectSchema], {
  error: 'must be true, false, text, a number or an object',
});
export type FlagValue = z.infer<typeof flagValueSchema>;

/** One JSONLogic object; its grammar is checked by `server/toggles/validate`, which can say where it is wrong. */
export const targetingSchema = jsonObjectSchema;
export type Targeting = z.infer<typeof targetingSchema>;

export const variantsSchema = z
  .record(variantNameSchema, flagValueSchema, { error: 'must be an object with a value under every variant' })
  .refine((variants) => Object.keys(variants).length > 0, 'needs at least one variant');
export type Variants = z.infer<typeof variantsSchema>;

export const flagMetadataSchema = z.record(
  z.string(),
  z.union([z.boolean(), z.string(), z.number()], { error: 'must be true, false, text or a number' }),
);
export type FlagMetadata = z.infer<typeof flagMetadataSchema>;

export const FLAG_STATES = ['ENABLED', 'DISABLED'] as const;
export const flagSchema = z.looseObject({
  state: z.enum(FLAG_STATES, { error: 'must be ENABLED or DISABLED' }),
  variants: variantsSchema,
  /** None: the code's own default is served. */
  defaultVariant: z.string().nullish(),
  targeting: targetingSchema.optional(),
  metadata: flagMetadataSchema.optional(),
});
export type Flag = z.infer<typeof flagSchema>;

/** Conditions by name, which `{"$ref": "name"}` stands for. */
export const evaluatorsSchema = z.record(z.string(), targetingSchema);
export type Evaluators = z.infer<typeof evaluatorsSchema>;

/** A flagd file in the form that providers read: `flags` by key. */
export const flagFileSchema = z.looseObject({
  $schema: z.string().optional(),
  metadata: flagMetadataSchema.optional(),
  $evaluators: evaluatorsSchema.optional(),
  flags: z.record(flagKeySchema, flagSchema),
});
export type FlagFile = z.infer<typeof flagFileSchema>;

/** Where flagd publishes the schema that `validate` holds files against. */
export const FLAG_FILE_SCHEMA = 'https://flagd.dev/schema/v0/flags.json';

/** Something wrong with a definition, and where. */
export interface FlagIssue {
  /** Dotted, with indices in brackets: `flags.new-checkout.targeting.if[0].in`. */
  readonly path: string;
  readonly message: string;
}

// ── Our record ────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * - release      hides unfinished work; goes away once it is on for all
 * - experiment   compares variants; goes away once decided
 * - operational  a switch for trouble; stays
 * - permission   who may use what; stays
 */
export const TOGGLE_KINDS = ['release', 'experiment', 'operational', 'permission'] as const;
export const toggleKindSchema = z.enum(TOGGLE_KINDS);
export type ToggleKind = z.infer<typeof toggleKindSchema>;

/** Served only to those who get one of these variants of another toggle in the same environment. */
export const prerequisiteSchema = z.object({
  toggle: flagKeySchema,
  variants: z.array(variantNameSchema).min(1),
});
export type Prerequisite = z.infer<typeof prerequisiteSchema>;

/**
 * Served only where an application runs in this version or a later one.
 * - all  in every server group that receives traffic, so nobody meets the feature without its code
 * - any  in at least one
 */
export const versionRequirementSchema = z.object({
  application: z.string().min(1),
  minimum: z.string().min(1),
  coverage: z.enum(['all', 'any']).default('all'),
});
export type VersionRequirement = z.infer<typeof versionRequirementSchema>;

/** From `at` on, what `set` names stands in the definition's place. */
export const scheduledChangeSchema = z.object({
  at: z.iso.datetime({ offset: true }),
  /** In which a person meant it; `at` is what counts. */
  timeZone: timeZoneSchema,
  set: z
    .object({
      on: z.boolean().optional(),
      defaultVariant: z.string().nullable().optional(),
      targeting: targetingSchema.nullable().optional(),
    })
    .refine((set) => Object.values(set).some((value) => value !== undefined), 'must change something'),
});
export type ScheduledChange = z.infer<typeof scheduledChangeSchema>;

/** How a toggle stands in one environment. */
export const toggleDefinitionSchema = z.object({
  /** The switch. */
  on: z.boolean(),
  /**
   * Served while the switch is off or a condition below is not met. None: flagd's DISABLED, which leaves it to the
   * default in the code; then there can be no prerequisites, as flagd has no way to disable for some.
   */
  offVariant: z.string().nullable().default(null),
  /** Served when no rule decides. None: the default in the code. */
  defaultVariant: z.string().nullable(),
  targeting: targetingSchema.nullable().default(null),
  prerequisites: z.array(prerequisiteSchema).default([]),
  versionRequirement: versionRequirementSchema.nullable().default(null),
  schedule: z.array(scheduledChangeSchema).default([]),
});
export type ToggleDefinition = z.infer<typeof toggleDefinitionSchema>;
export type ToggleDefinitionInput = z.input<typeof toggleDefinitionSchema>;

/**
 * - report  only listed among the stale
 * - off     switched off everywhere from that moment
 */
export const EXPIRY_ACTIONS = ['report', 'off'] as const;

export const toggleSchema = z.object({
  key: flagKeySchema,
  /** In plain words. */
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).default(''),
  kind: toggleKindSchema.default('release'),
  tags: z.array(z.string().min(1).max(100)).default([]),
  owner: z.string().max(200).nullable().default(null),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  onExpiry: z.enum(EXPIRY_ACTIONS).default('report'),
  /** The same in every environment, all of one type. */
  variants: variantsSchema,
  /** Handed to applications with every answer, so nothing private. */
  metadata: flagMetadataSchema.default({}),
  /** By the environment's name; where it is missing there is no such flag. */
  environments: z.record(z.string(), toggleDefinitionSchema).default({}),
});
export type Toggle = z.infer<typeof toggleSchema>;
export type ToggleInput = z.input<typeof toggleSchema>;

/** A reusable condition, flagd's `$evaluators` entry with a name for people. */
export const segmentSchema = z.object({
  key: segmentKeySchema,
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).default(''),
  condition: targetingSchema,
});
export type Segment = z.infer<typeof segmentSchema>;

// ── Evaluation ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Who asks: attributes, and the key by which people are split. A context that does not parse is INVALID_CONTEXT. */
export const evaluationContextSchema = z.looseObject({ targetingKey: z.string().optional() });
export type EvaluationContext = z.infer<typeof evaluationContextSchema>;

export const EVALUATION_ERROR_CODES = [
  'FLAG_NOT_FOUND',
  'PARSE_ERROR',
  'TYPE_MISMATCH',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'PROVIDER_NOT_READY',
  'GENERAL',
] as const;
export type EvaluationErrorCode = (typeof EVALUATION_ERROR_CODES)[number];

interface Answer {
  readonly key: string;
  readonly metadata: FlagMetadata;
}

export interface ServedEvaluation extends Answer {
  readonly reason: 'STATIC' | 'TARGETING_MATCH' | 'DEFAULT';
  readonly value: FlagValue;
  readonly variant: string;
}

/** The default in the code is to be used; no value is sent. */
export interface CodeDefaultEvaluation extends Answer {
  readonly reason: 'DEFAULT' | 'DISABLED';
  readonly value?: never;
  readonly variant?: never;
}

export interface FailedEvaluation extends Answer {
  readonly reason: 'ERROR';
  readonly errorCode: EvaluationErrorCode;
  /** An English sentence. */
  readonly errorDetails: string;
  readonly value?: never;
  readonly variant?: never;
}

export type Evaluation = ServedEvaluation | CodeDefaultEvaluation | FailedEvaluation;

/** The type that all variants have; null when they are of several, or there are none. */
export function valueTypeOf(variants: Readonly<Record<string, unknown>>): FlagValueType | null {
  const types = new Set(Object.values(variants).map(typeOfValue));
  const [only] = types;
  return types.size === 1 && only ? only : null;
}

function typeOfValue(value: unknown): FlagValueType | null {
  const type = typeof value;
  switch (type) {
    case 'boolean':
    case 'string':
    case 'number':
      return type;
    case 'object':
      return value === null || Array.isArray(value) ? null : 'object';
    default:
      return null;
  }
}
