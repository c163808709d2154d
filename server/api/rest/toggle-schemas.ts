import { z } from 'zod';
import type { Rendered } from '@/server/api/rest/render';
import { freezeSchema, toggleNotificationSchema } from '@/server/domain/toggle-environments';
import { conditionSchema, ruleListSchema } from '@/server/domain/toggle-rules';
import {
  EVALUATION_ERROR_CODES,
  flagMetadataSchema,
  flagValueSchema,
  flagValueTypeSchema,
  prerequisiteSchema,
  targetingSchema,
  toggleDefinitionSchema,
  toggleKindSchema,
  variantsSchema,
} from '@/server/domain/toggles';
import type {
  ChangeRequestSummary,
  ChangeRequestView,
  ClientKeyView,
  FlagExport,
  FlagImport,
  RampView,
  SegmentView,
  ToggleChangeOutcome,
  ToggleCounts,
  ToggleEnvironmentRow,
  ToggleHistoryPage,
  TogglePreview,
  ToggleSummary,
  ToggleView,
} from '@/server/domain/views/toggles';

/** What the doors for machines answer about toggles. The types hold them to the views that the services return. */

const time = z.iso.datetime();
const strings = z.array(z.string());

const shareSchema = z.object({ variant: z.string().nullable(), percent: z.number() });
const servingShape = {
  on: z.boolean(),
  held: z.enum(['off', 'expired', 'version', 'prerequisite']).nullable(),
  sentence: z.string(),
  shares: z.array(shareSchema).nullable(),
  next: z.object({ at: time, sentence: z.string() }).nullable(),
};
const rampViewSchema: z.ZodType<RampView> = z.object({
  executionId: z.uuid(),
  by: z.string(),
  variant: z.string(),
  step: z.number(),
  steps: z.number(),
  percent: z.number().nullable(),
  next: z.object({ percent: z.number(), at: time.nullable() }).nullable(),
  guard: z.string().nullable(),
  asks: z.enum(['review', 'unclear']).nullable(),
  isStopping: z.boolean(),
});

const placeShape = {
  ...servingShape,
  environment: z.string(),
  requiresReview: z.boolean(),
  revision: z.number(),
  updatedAt: time,
  updatedBy: z.string(),
  openRequest: z.uuid().nullable(),
  ramp: rampViewSchema.nullable(),
  evaluations: z.number(),
  variants: z.array(z.object({ variant: z.string().nullable(), count: z.number() })),
  lastEvaluatedAt: time.nullable(),
};
const staleSchema = z.object({
  kind: z.enum(['expired', 'neverUsed', 'notEvaluated', 'oneSided', 'onForAll']),
  environment: z.string().nullable(),
  since: time,
  sentence: z.string(),
});
const summaryShape = {
  key: z.string(),
  application: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  kind: toggleKindSchema,
  valueType: flagValueTypeSchema.nullable(),
  tags: strings,
  owner: z.string().nullable(),
  expiresAt: time.nullable(),
  archivedAt: time.nullable(),
  revision: z.number(),
  updatedAt: time,
  updatedBy: z.string(),
  stale: z.array(staleSchema),
};
export const toggleSummarySchema: z.ZodType<Rendered<ToggleSummary>> = z.object({
  ...summaryShape,
  environments: z.array(z.object(placeShape)),
});

const historyShape = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      at: time,
      by: z.string(),
      environment: z.string().nullable(),
      reason: z.string().nullable(),
      changes: strings,
      before: z.unknown(),
      after: z.unknown(),
      undoes: z.string().nullable(),
      isTakenBack: z.boolean(),
      canUndo: z.boolean(),
      executionId: z.uuid().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export const historySchema: z.ZodType<Rendered<ToggleHistoryPage>> = historyShape;

export const toggleSchema: z.ZodType<Rendered<ToggleView>> = z.object({
  ...summaryShape,
  onExpiry: z.enum(['report', 'off']),
  variants: variantsSchema,
  metadata: flagMetadataSchema,
  createdAt: time,
  createdBy: z.string(),
  environments: z.array(
    z.object({
      ...placeShape,
      definition: toggleDefinitionSchema,
      freezes: z.array(freezeSchema),
      rules: ruleListSchema.nullable(),
      underway: z.array(z.object({ executionId: z.uuid(), pipeline: z.string() })),
    }),
  ),
  absentFrom: strings,
  dependents: z.array(z.object({ toggle: z.string(), environment: z.string() })),
  history: historyShape,
});

export const createdSchema = z.object({ key: z.string(), revision: z.number() });
export const outcomeSchema: z.ZodType<Rendered<ToggleChangeOutcome>> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('applied'), revision: z.number(), changeId: z.string() }),
  z.object({ kind: z.literal('unchanged'), revision: z.number() }),
  z.object({ kind: z.literal('requested'), requestId: z.uuid(), sentence: z.string() }),
]);
export const killedSchema = z.object({
  killed: z.array(z.object({ environment: z.string(), changeId: z.string() })).readonly(),
  alreadyOff: strings.readonly(),
});

export const countsSchema: z.ZodType<ToggleCounts> = z.object({
  from: time,
  to: time,
  total: z.number(),
  lastEvaluatedAt: time.nullable(),
  hours: z.array(z.object({ hour: time, variant: z.string().nullable(), count: z.number() })),
});

const evaluationSchema = z.union([
  z.object({
    key: z.string(),
    metadata: flagMetadataSchema,
    reason: z.enum(['STATIC', 'TARGETING_MATCH', 'DEFAULT']),
    value: flagValueSchema,
    variant: z.string(),
  }),
  z.object({ key: z.string(), metadata: flagMetadataSchema, reason: z.enum(['DEFAULT', 'DISABLED']) }),
  z.object({
    key: z.string(),
    metadata: flagMetadataSchema,
    reason: z.literal('ERROR'),
    errorCode: z.enum(EVALUATION_ERROR_CODES),
    errorDetails: z.string(),
  }),
]);
export const previewSchema: z.ZodType<Rendered<TogglePreview>> = z.object({
  evaluation: evaluationSchema,
  summary: z.string(),
  prerequisites: z.array(
    z.object({ prerequisite: prerequisiteSchema, served: z.string().nullable(), isMet: z.boolean() }),
  ),
  rules: z
    .array(
      z.object({
        number: z.number(),
        isMatch: z.boolean().nullable(),
        match: z.enum(['all', 'any']),
        conditions: z.array(
          z.object({
            condition: conditionSchema,
            isMet: z.boolean().nullable(),
            text: z.string(),
            actual: z.string().nullable(),
          }),
        ),
      }),
    )
    .nullable(),
  place: z.object({ by: z.string().nullable(), percent: z.number() }).nullable(),
  serving: z.object(servingShape),
});

export const segmentSchema: z.ZodType<SegmentView> = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  condition: targetingSchema,
  usedBy: strings,
  revision: z.number(),
  updatedAt: time,
  updatedBy: z.string(),
});
export const savedSegmentSchema = z.object({
  key: z.string(),
  revision: z.number(),
  changed: z.boolean(),
});

export const environmentSchema: z.ZodType<ToggleEnvironmentRow> = z.object({
  name: z.string(),
  order: z.number(),
  requiresReview: z.boolean(),
  freezes: z.array(freezeSchema),
  notifications: z.array(toggleNotificationSchema),
  toggles: z.number(),
  clientKeys: z.number(),
});

const requestShape = {
  id: z.uuid(),
  toggle: z.string(),
  toggleName: z.string(),
  application: z.string().nullable(),
  environment: z.string(),
  status: z.enum(['open', 'applied', 'rejected', 'withdrawn']),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: time,
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
  comment: z.string().nullable(),
  isOutdated: z.boolean(),
  isOwn: z.boolean(),
};
export const requestSummarySchema: z.ZodType<ChangeRequestSummary> = z.object(requestShape);
export const requestSchema: z.ZodType<Rendered<ChangeRequestView>> = z.object({
  ...requestShape,
  before: toggleDefinitionSchema.nullable(),
  after: toggleDefinitionSchema,
  rulesBefore: ruleListSchema.nullable(),
  rulesAfter: ruleListSchema.nullable(),
  changes: strings,
  sentenceBefore: z.string().nullable(),
  sentenceAfter: z.string(),
});

export const clientKeySchema: z.ZodType<ClientKeyView> = z.object({
  id: z.uuid(),
  name: z.string(),
  environment: z.string(),
  kind: z.enum(['server', 'web']),
  prefix: z.string(),
  createdAt: time,
  createdBy: z.string(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});
export const madeClientKeySchema = z.object({
  id: z.uuid(),
  /** Shown this once. */
  key: z.string(),
});

export const importSchema: z.ZodType<Rendered<FlagImport>> = z.object({
  flags: z.array(
    z.object({
      key: z.string(),
      outcome: z.enum(['created', 'changed', 'unchanged', 'refused']),
      notes: strings,
      change: z
        .object({
          before: toggleDefinitionSchema.nullable(),
          after: toggleDefinitionSchema,
          changes: strings,
          sentenceBefore: z.string().nullable(),
          sentenceAfter: z.string(),
        })
        .nullable(),
    }),
  ),
  segments: z.array(
    z.object({
      key: z.string(),
      outcome: z.enum(['created', 'changed', 'unchanged', 'kept']),
      usedBy: z.array(z.object({ toggle: z.string(), environment: z.string() })),
    }),
  ),
  notes: strings,
  isWritten: z.boolean(),
});
export const exportSchema: z.ZodType<FlagExport> = z.object({
  file: z.record(z.string(), z.unknown()),
  omitted: z.array(z.object({ key: z.string(), fields: strings })),
});
