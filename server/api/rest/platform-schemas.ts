import { z } from 'zod';
import type { Rendered } from '@/server/api/rest/render';
import type { AccountCheck } from '@/server/domain/account-check';
import type { AccountSettings } from '@/server/domain/views/admin';
import type { ClusterRefreshed, InstanceLog } from '@/server/domain/views/application';
import type { DeploymentPreview } from '@/server/domain/views/execution';

/** What the doors for machines answer about platforms. */

export const instanceLogSchema: z.ZodType<InstanceLog> = z.object({
  account: z.string(),
  region: z.string(),
  serverGroup: z.string(),
  instance: z.string(),
  text: z.string(),
  readAt: z.iso.datetime(),
});

export const clusterRefreshedSchema: z.ZodType<ClusterRefreshed> = z.object({
  application: z.string(),
  cluster: z.string(),
  account: z.string(),
  region: z.string(),
  lookedAt: z.iso.datetime(),
});

export const accountCheckSchema: z.ZodType<AccountCheck> = z.object({
  ok: z.boolean(),
  facts: z.array(z.string()),
  problems: z.array(z.string()),
});

export const accountAppliedSchema = z.object({
  name: z.string(),
  created: z.boolean(),
  /** What should be looked at, although it is kept. */
  warnings: z.array(z.string()),
});

export const accountOverlapsSchema = z.object({
  items: z.array(z.object({ accounts: z.tuple([z.string(), z.string()]), region: z.string() })),
});

export const accountSettingsSchema: z.ZodType<AccountSettings> = z.object({
  name: z.string(),
  provider: z.string(),
  config: z.record(z.string(), z.unknown()),
});

const changedObject = z.object({
  kind: z.string(),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  serving: z.object({ version: z.string(), text: z.string() }).nullable(),
});

const plannedStep = z.object({
  region: z.string().nullable(),
  type: z.string(),
  name: z.string(),
  instances: z.number().nullable(),
  refusal: z.string().nullable(),
  warning: z.string().nullable(),
});

export const deploymentPreviewSchema: z.ZodType<Rendered<DeploymentPreview>> = z.object({
  application: z.string(),
  environment: z.string(),
  account: z.string(),
  version: z.string(),
  pipeline: z.string(),
  stages: z.array(
    z.object({
      refId: z.string(),
      type: z.string(),
      name: z.string(),
      environment: z.string().nullable(),
      steps: z.array(plannedStep).nullable(),
      regionsAtOnce: z.boolean(),
      refusal: z.string().nullable(),
      later: z.string().nullable(),
    }),
  ),
  regions: z.array(
    z.object({
      environment: z.string(),
      account: z.string(),
      region: z.string(),
      serverGroup: z.string().nullable(),
      changes: z.array(changedObject).nullable(),
      why: z.string().nullable(),
      able: z.boolean(),
    }),
  ),
});
