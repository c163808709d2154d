import { z } from 'zod';
import type { Catalogue } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listCatalogueInput = z.object({});

/** What this installation can do, read from the registries. */
export async function listCatalogue(ctx: ServiceContext, input: z.output<typeof listCatalogueInput>): Promise<Catalogue> {
  throw new Error(`stub listCatalogue ${String(ctx)} ${String(input)}`);
}
