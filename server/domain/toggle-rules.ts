import { z } from 'zod';
import type { Message } from '@/server/domain/message';
import { type Evaluation, type Prerequisite, variantNameSchema } from '@/server/domain/toggles';

/**
 * Targeting as people build it: a list of rules, the first that matches decides. `server/toggles/rules` turns it into
 * flagd's JSONLogic and back.
 */

/** A path into the context: `email`, `company.plan`, `targetingKey`. */
export const attributeSchema = z.string().min(1).max(200);

const single = z.union([z.string(), z.number(), z.boolean()]);
export type ConditionValue = z.infer<typeof single>;

/** flagd's comparisons of versions; `~` is the same minor, `^` the same major version. */
export const VERSION_COMPARISONS = ['=', '!=', '>', '>=', '<', '<=', '~', '^'] as const;

/**
 * Who lacks the attribute meets none but those that deny: notEquals, looselyNotEquals, notIn, notContains,
 * notInSegment. The loose ones take "5" for 5; they are there for definitions that were written elsewhere.
 */
export const conditionSchema = z.discriminatedUnion('operator', [
  z.object({
    operator: z.enum(['equals', 'notEquals', 'looselyEquals', 'looselyNotEquals']),
    attribute: attributeSchema,
    value: single,
  }),
  z.object({
    operator: z.enum(['in', 'notIn']),
    attribute: attributeSchema,
    values: z.array(single).min(1),
  }),
  z.object({
    operator: z.enum(['contains', 'notContains', 'startsWith', 'endsWith']),
    attribute: attributeSchema,
    value: z.string().min(1),
  }),
  z.object({
    operator: z.enum(['greater', 'greaterOrEqual', 'less', 'lessOrEqual']),
    attribute: attributeSchema,
    value: z.number(),
  }),
  z.object({
    operator: z.literal('version'),
    attribute: attributeSchema,
    comparison: z.enum(VERSION_COMPARISONS),
    value: z.string().min(1),
  }),
  z.object({ operator: z.enum(['inSegment', 'notInSegment']), segment: z.string().min(1) }),
]);
export type Condition = z.infer<typeof conditionSchema>;
export type ConditionOperator = Condition['operator'];

/** Conditions that all, or any, must hold. None at all: everyone. */
export const conditionsSchema = z.object({
  match: z.enum(['all', 'any']).default('all'),
  conditions: z.array(conditionSchema),
});
export type Conditions = z.infer<typeof conditionsSchema>;

/** Weights are relative; flagd's limit for their sum. */
export const MAX_TOTAL_WEIGHT = 2_147_483_647;

/**
 * A percentage split. People fall into the buckets by a hash, in the order of the list: change shares with
 * `growShare` and `shrinkShare`, which never move anyone who need not move. A variant may have several buckets.
 */
export const splitSchema = z.object({
  kind: z.literal('split'),
  /** The attribute that decides the bucket, null for the targeting key. Who lacks it gets the default variant. */
  by: attributeSchema.nullable().default(null),
  buckets: z
    .array(z.object({ variant: variantNameSchema, weight: z.int().min(0) }))
    .min(1)
    .refine((buckets) => total(buckets) <= MAX_TOTAL_WEIGHT, 'has weights beyond flagd’s limit'),
});
export type Split = z.infer<typeof splitSchema>;

export const serveSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('variant'), variant: variantNameSchema }),
  splitSchema,
]);
export type Serve = z.infer<typeof serveSchema>;

export const ruleSchema = conditionsSchema.extend({ serve: serveSchema });
export type Rule = z.infer<typeof ruleSchema>;

export const ruleListSchema = z
  .object({
    rules: z.array(ruleSchema),
    /** For everyone else; null for the toggle's default variant. */
    otherwise: serveSchema.nullable(),
  })
  .refine(({ rules, otherwise }) => rules.length > 0 || otherwise?.kind !== 'variant', {
    message: 'without rules, choose the variant for everyone as the default variant',
    path: ['otherwise'],
  });
export type RuleList = z.infer<typeof ruleListSchema>;

/** A condition, and what it made of one context. */
export interface ExplainedCondition {
  readonly condition: Condition;
  /** Null when flagd cannot compare what the context has there, which fails the whole flag. */
  readonly isMet: boolean | null;
  /** The condition in words: “plan is pro”. */
  readonly text: Message;
  /** What the context has there: “It is free.” Null for a segment. */
  readonly actual: Message | null;
}

export interface ExplainedRule {
  /** From 1 on, as people count. */
  readonly number: number;
  /** Null when an earlier rule had decided. */
  readonly isMatch: boolean | null;
  readonly match: Conditions['match'];
  readonly conditions: readonly ExplainedCondition[];
}

/** Where somebody lies in a percentage split. */
export interface SplitPlace {
  /** Null for the targeting key. */
  readonly by: string | null;
  /** From 0 up to 100, rounded down to tenths. */
  readonly percent: number;
}

/** What somebody gets, and why. */
export interface Explanation {
  /** The very answer that an application gets. */
  readonly evaluation: Evaluation;
  /** Why, in one sentence. */
  readonly summary: Message;
  readonly prerequisites: readonly {
    readonly prerequisite: Prerequisite;
    /** The variant that they get of the other toggle; null for none. */
    readonly served: string | null;
    readonly isMet: boolean;
  }[];
  /** Null when the targeting was written by hand and says what rules cannot say. */
  readonly rules: readonly ExplainedRule[] | null;
  readonly place: SplitPlace | null;
}

function total(buckets: readonly { readonly weight: number }[]): number {
  return buckets.reduce((sum, { weight }) => sum + weight, 0);
}
