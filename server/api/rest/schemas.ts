import { z } from 'zod';
import type { Rendered } from '@/server/api/rest/render';
import { triggerSchema, waitingSchema } from '@/server/domain/execution';
import { firewallSchema, loadBalancerSchema, serverGroupSchema } from '@/server/domain/inventory';
import {
  failurePolicySchema,
  parameterValueSchema,
  pipelineDefinitionSchema,
} from '@/server/domain/pipeline';
import { permissionSchema, roleSchema } from '@/server/domain/roles';
import { statusSchema } from '@/server/domain/status';
import { UNSEEN_CAUSES } from '@/server/domain/unseen';
import type {
  ArtifactView,
  AuditPage,
  PipelineView,
  SystemHealth,
  TokenView,
  UserView,
} from '@/server/domain/views/admin';
import type {
  AccountFreshness,
  ApplicationSummary,
  ApplicationView,
  ClustersView,
} from '@/server/domain/views/application';
import type {
  Evidence,
  ExecutionPage,
  ExecutionSummary,
  ExecutionView,
  JudgmentView,
  RollbackPreview,
  StageDetails,
  WaitingItem,
} from '@/server/domain/views/execution';
import type { ForeignImport } from '@/server/services/pipelines/import-foreign';

/** What the doors for machines answer. The types hold them to the views that the services return. */

const time = z.iso.datetime();
const strings = z.record(z.string(), z.string());

export const okSchema = z.object({ ok: z.literal(true) });
export const startedSchema = z.object({ executionId: z.uuid() });
export const appliedSchema = z.object({ name: z.string(), created: z.boolean() });
export const importedSchema = z.object({ name: z.string(), revision: z.number(), changed: z.boolean() });
export const publishedSchema = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  created: z.boolean(),
});

const ramp = z.object({ toggle: z.string(), name: z.string(), environment: z.string() }).nullable();

const summaryShape = {
  ramp,
  id: z.uuid(),
  application: z.string(),
  pipeline: z.string(),
  status: statusSchema,
  environment: z.string().nullable(),
  artifact: z.string().nullable(),
  version: z.string().nullable(),
  trigger: triggerSchema,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  waitingForPerson: z.boolean(),
};
const summarySchema: z.ZodType<ExecutionSummary> = z.object(summaryShape);

export const executionPageSchema: z.ZodType<ExecutionPage> = z.object({
  items: z.array(summarySchema),
  nextCursor: z.string().nullable(),
});

const waiting = waitingSchema.extend({ reason: z.string() });

const stageShape = {
  refId: z.string(),
  parentRefId: z.string().nullable(),
  type: z.string(),
  name: z.string(),
  status: statusSchema,
  requires: z.array(z.string()),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  waiting: waiting.nullable(),
  error: z.string().nullable(),
  try: z.number(),
  onFailure: failurePolicySchema,
  skipRequestedBy: z.string().nullable(),
  skippable: z.boolean(),
};

export const executionSchema: z.ZodType<Rendered<ExecutionView>> = z.object({
  ...summaryShape,
  pipelineRevision: z.number(),
  digest: z.string().nullable(),
  parameters: z.record(z.string(), parameterValueSchema),
  error: z.string().nullable(),
  cancelRequestedBy: z.string().nullable(),
  sentence: z.string(),
  stages: z.array(z.object(stageShape)),
  waitingFor: z.array(waiting.extend({ refId: z.string().nullable() })),
  tries: z.array(
    z.object({
      refId: z.string(),
      try: z.number(),
      status: statusSchema,
      startedAt: time.nullable(),
      endedAt: time.nullable(),
    }),
  ),
  rerunOf: z.string().nullable(),
});

export const waitingListSchema: z.ZodType<Rendered<{ items: readonly WaitingItem[] }>> = z.object({
  items: z.array(
    z.object({
      executionId: z.uuid(),
      application: z.string(),
      pipeline: z.string(),
      environment: z.string().nullable(),
      version: z.string().nullable(),
      ramp,
      status: statusSchema,
      refId: z.string().nullable(),
      stageName: z.string().nullable(),
      since: time,
      waiting,
    }),
  ),
});

const judgment = z.object({
  decision: z.enum(['continue', 'stop']),
  input: z.string().nullable(),
  comment: z.string().nullable(),
  by: z.string(),
  at: time,
});
export const judgmentSchema: z.ZodType<JudgmentView> = judgment;

export const stageDetailsSchema: z.ZodType<Rendered<StageDetails>> = z.object({
  ...stageShape,
  config: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
  log: z.array(z.object({ at: time, level: z.enum(['info', 'warning', 'error']), text: z.string() })),
  judgment: judgment.nullable(),
});

const running = z.object({ version: z.string(), digest: z.string() });

export const evidenceSchema: z.ZodType<Rendered<Evidence>> = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  application: z.string(),
  pipeline: z.string(),
  ramp,
  stageName: z.string(),
  environment: z.string().nullable(),
  instructions: z.string(),
  inputs: z.array(z.string()),
  roles: z.array(z.string()),
  since: time,
  expiresAt: time.nullable(),
  requestedBy: z.string(),
  change: z.array(
    z.object({
      region: z.string(),
      from: running.extend({ since: z.string().nullable() }).nullable(),
      to: running,
      instances: z.number().nullable(),
    }),
  ),
  artifact: running.extend({ name: z.string(), createdAt: time, metadata: strings }).nullable(),
  elsewhere: z.array(
    z.object({ environment: z.string(), since: z.string(), healthy: z.number(), total: z.number() }),
  ),
  warnings: z.array(z.string()),
  onContinue: z.array(z.string()),
  onStop: z.array(z.string()),
  rollbackSeconds: z.number().nullable(),
  judgment: judgment.nullable(),
  mayDecide: z.boolean(),
  mayNotReason: z.string().nullable(),
});

const pin = z.object({
  version: z.string(),
  reason: z.string(),
  by: z.string(),
  at: time,
  expiresAt: time.nullable(),
});
const veto = z.object({ reason: z.string(), by: z.string(), at: time });
const groupPlace = z.object({ serverGroup: z.string(), version: z.string() });

export const rollbackPreviewSchema: z.ZodType<Rendered<RollbackPreview>> = z.object({
  application: z.string(),
  cluster: z.string(),
  account: z.string(),
  environment: z.string().nullable(),
  possible: z.boolean(),
  why: z.string().nullable(),
  regions: z.array(
    z.object({
      region: z.string(),
      from: groupPlace.nullable(),
      to: groupPlace.nullable(),
      instancesReady: z.number(),
      why: z.string().nullable(),
    }),
  ),
  unseen: z.object({ seenAt: time.nullable() }).nullable(),
  serverless: z.boolean(),
  expectedSeconds: z.number(),
  measured: z.boolean(),
  startsFirst: z.object({ instances: z.number(), seconds: z.number().nullable() }).nullable(),
  pins: z.object({ version: z.string(), hours: z.number() }).nullable(),
  vetoes: running.nullable(),
  notUndone: z.array(z.string()),
  currentPin: pin.nullable(),
  withdraws: z.object({ executionId: z.uuid(), version: z.string().nullable() }).nullable(),
});

export const accountSchema: z.ZodType<AccountFreshness> = z.object({
  account: z.string(),
  provider: z.string(),
  seenAt: time.nullable(),
  error: z.string().nullable(),
  cause: z.enum(UNSEEN_CAUSES).nullable(),
  swept: z.literal(true).optional(),
});

export const platformSchema = z.object({ kind: z.string(), label: z.string() });

export const clustersSchema: z.ZodType<ClustersView> = z.object({
  application: z.string(),
  clusters: z.array(
    z.object({
      name: z.string(),
      account: z.string(),
      platform: platformSchema,
      environment: z.string().nullable(),
      pin: pin.nullable(),
      change: z
        .object({
          executionId: z.uuid(),
          pipeline: z.string(),
          kind: z.enum(['deploy', 'rollback', 'other']),
          version: z.string().nullable(),
          by: z.string(),
          held: z.boolean(),
        })
        .nullable(),
      regions: z.array(
        z.object({
          region: z.string(),
          loadBalancers: z.array(loadBalancerSchema),
          serverGroups: z.array(serverGroupSchema.extend({ seenAt: time, vetoed: veto.nullable() })),
        }),
      ),
    }),
  ),
  loadBalancers: z.array(loadBalancerSchema),
  firewalls: z.array(firewallSchema),
  accounts: z.array(accountSchema),
});

export const applicationSummarySchema: z.ZodType<ApplicationSummary> = z.object({
  name: z.string(),
  description: z.string(),
  owner: z.string(),
  environments: z.number(),
  pipelines: z.number(),
  instances: z.number(),
  healthyInstances: z.number(),
  lastExecutionAt: time.nullable(),
  seenOnly: z.boolean(),
});

export const applicationSchema: z.ZodType<ApplicationView> = z.object({
  seenOnly: z.boolean(),
  name: z.string(),
  description: z.string(),
  owner: z.string(),
  environments: z.array(
    z.object({
      name: z.string(),
      account: z.string(),
      provider: z.string(),
      regions: z.array(z.string()),
      cluster: z.string(),
      artifact: z.string(),
      pipeline: z.string(),
      guarded: z.boolean(),
      serverless: z.boolean(),
      capacity: z.object({ min: z.number(), desired: z.number(), max: z.number() }),
      configKeys: z.array(z.string()),
    }),
  ),
});

export const pipelineSchema: z.ZodType<PipelineView> = z.object({
  application: z.string(),
  name: z.string(),
  revision: z.number(),
  definition: pipelineDefinitionSchema,
  needsArtifact: z.boolean(),
  updatedAt: time,
  updatedBy: z.string(),
  recent: z.array(summarySchema),
});

export const foreignImportSchema: z.ZodType<ForeignImport> = z.object({
  definition: pipelineDefinitionSchema,
  report: z.array(
    z.object({
      part: z.enum(['pipeline', 'parameter', 'trigger', 'notification', 'artifact', 'stage']),
      ref: z.string(),
      name: z.string(),
      type: z.string(),
      outcome: z.enum(['converted', 'converted with changes', 'no equivalent']),
      notes: z.array(
        z.object({ level: z.enum(['info', 'changed', 'lost']), path: z.string(), text: z.string() }),
      ),
    }),
  ),
  written: z.object({ revision: z.number(), changed: z.boolean() }).nullable(),
});

export const artifactSchema: z.ZodType<ArtifactView> = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  createdAt: time,
  metadata: strings,
  veto: veto.nullable(),
  runsIn: z.array(z.string()),
});

export const auditPageSchema: z.ZodType<AuditPage> = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      at: time,
      actor: z.string(),
      via: z.string(),
      action: z.string(),
      application: z.string().nullable(),
      subject: z.string(),
      reason: z.string().nullable(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const tokenSchema: z.ZodType<TokenView> = z.object({
  id: z.uuid(),
  name: z.string(),
  owner: z.string(),
  scopes: z.array(permissionSchema),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
});

export const userSchema: z.ZodType<UserView> = z.object({
  id: z.uuid(),
  username: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  roles: z.array(roleSchema),
  disabled: z.boolean(),
  origin: z.enum(['local', 'oidc']),
  lastSeenAt: time.nullable(),
});

export const healthSchema: z.ZodType<SystemHealth> = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  database: z.object({ ok: z.boolean(), latencyMs: z.number().nullable() }),
  workers: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      pid: z.number(),
      version: z.string(),
      startedAt: time,
      seenAt: time,
      alive: z.boolean(),
    }),
  ),
});
