import { procedure, router } from '@/server/api/trpc';
import { instanceLogInput, readInstanceLog } from '@/server/services/clusters/instance-log';
import { listClusters, listClustersInput } from '@/server/services/clusters/list';
import { refreshCluster, refreshClusterInput } from '@/server/services/clusters/refresh';

export const clustersRouter = router({
  list: procedure.input(listClustersInput).query(({ ctx, input }) => listClusters(ctx, input)),
  refresh: procedure.input(refreshClusterInput).mutation(({ ctx, input }) => refreshCluster(ctx, input)),
  instanceLog: procedure.input(instanceLogInput).query(({ ctx, input }) => readInstanceLog(ctx, input)),
});
