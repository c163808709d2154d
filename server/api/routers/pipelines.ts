import { procedure, router } from '@/server/api/trpc';
import { getPipeline, getPipelineInput } from '@/server/services/pipelines/get';
import { listPipelines, listPipelinesInput } from '@/server/services/pipelines/list';

export const pipelinesRouter = router({
  list: procedure.input(listPipelinesInput).query(({ ctx, input }) => listPipelines(ctx, input)),
  get: procedure.input(getPipelineInput).query(({ ctx, input }) => getPipeline(ctx, input)),
});
