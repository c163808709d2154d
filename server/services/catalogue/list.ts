import { z } from 'zod';
import { notificationFormats } from '@/server/automation/notifications/registry';
import { triggerTypes } from '@/server/automation/triggers/registry';
import { webhookFormats } from '@/server/automation/webhooks/registry';
import { judges } from '@/server/canary/registry';
import type { Catalogue } from '@/server/domain/views/admin';
import { stageTypes } from '@/server/engine/stages/registry';
import { metricsSources } from '@/server/metrics/registry';
import type { MetricsSourceType } from '@/server/metrics/source';
import type { ProviderManifest } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { strategies } from '@/server/strategies/registry';

export const listCatalogueInput = z.object({});

/** What this installation can do, read from the registries. */
export async function listCatalogue(
  ctx: ServiceContext,
  _input: z.output<typeof listCatalogueInput>,
): Promise<Catalogue> {
  requirePermission(ctx, 'read');
  const platforms: readonly Pick<ProviderManifest, 'kind' | 'label' | 'capabilities'>[] =
    Object.values(providers);
  const sources: readonly MetricsSourceType[] = Object.values(metricsSources);
  return {
    providers: platforms.map(({ kind, label, capabilities }) => ({
      kind,
      label,
      capabilities: { ...capabilities },
    })),
    strategies: Object.values(strategies).map(({ kind, label, optionsSchema }) => {
      return { kind, label, optionsSchema: jsonSchema(optionsSchema) };
    }),
    stages: Object.values(stageTypes).map(({ type, label, group, authorable, configSchema }) => {
      return { type, label, group, authorable, configSchema: jsonSchema(configSchema) };
    }),
    triggers: Object.values(triggerTypes).map(({ type, label, configSchema }) => {
      return { type, label, configSchema: jsonSchema(configSchema) };
    }),
    notifications: Object.values(notificationFormats).map(({ kind, label }) => ({ kind, label })),
    webhooks: Object.values(webhookFormats).map(({ kind, label }) => ({ kind, label })),
    metricsSources: sources.map(({ kind, label, configSchema }) => {
      return { kind, label, configSchema: jsonSchema(configSchema) };
    }),
    judges: Object.values(judges).map(({ name, label, aliases }) => ({ name, label, aliases })),
  };
}

/** What a person may write: defaults may be left out. */
function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
