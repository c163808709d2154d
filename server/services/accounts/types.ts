import { z } from 'zod';
import type { AccountType } from '@/server/domain/views/admin';
import type { ProviderManifest } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { jsonSchemaOf } from '@/server/services/pipelines/widget-values';

export const listAccountTypesInput = z.object({});

/** The platforms that there are, with the forms of their settings. */
export async function listAccountTypes(
  ctx: ServiceContext,
  _input: z.output<typeof listAccountTypesInput>,
): Promise<AccountType[]> {
  requirePermission(ctx, 'read');
  const manifests: readonly Pick<ProviderManifest, 'kind' | 'label' | 'configSchema'>[] =
    Object.values(providers);
  return manifests.map(({ kind, label, configSchema }) => ({
    kind,
    label,
    configSchema: jsonSchemaOf(configSchema),
  }));
}
