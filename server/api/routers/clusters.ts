import { procedure, router } from '@/server/api/trpc';
import { instanceLogInput, readInstanceLog } from '@/server/services/clusters/instance-log';
import { listClusters, listClustersInput } from '@/server/services/clusters/list';

export const clustersRouter = router({
  list: procedure.input(listClustersInput).query(({ ctx, input }) => listClusters(ctx, input)),
  instanceLog: procedure.input(instanceLogInput).query(({ ctx, input }) => readInstanceLog(ctx, input)),
});
