import { z } from 'zod';
import type { ClustersView } from '@/server/domain/views/application';
import type { ServiceContext } from '@/server/services/context';

export const listClustersInput = z.object({ application: z.string() });

/** The clusters of an application as last seen, with traffic and freshness. */
export async function listClusters(ctx: ServiceContext, input: z.output<typeof listClustersInput>): Promise<ClustersView> {
  throw new Error(`stub listClusters ${String(ctx)} ${String(input)}`);
}
