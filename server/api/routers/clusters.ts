import { procedure, router } from '@/server/api/trpc';
import { listClusters, listClustersInput } from '@/server/services/clusters/list';

export const clustersRouter = router({
  list: procedure.input(listClustersInput).query(({ ctx, input }) => listClusters(ctx, input)),
});
