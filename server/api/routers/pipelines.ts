import { procedure, router } from '@/server/api/trpc';
import { checkPipeline, checkPipelineInput } from '@/server/services/pipelines/check';
import { exportPipeline, exportPipelineInput } from '@/server/services/pipelines/export';
import { getPipeline, getPipelineInput } from '@/server/services/pipelines/get';
import { importPipeline, importPipelineInput } from '@/server/services/pipelines/import';
import { importForeignInput, importForeignPipeline } from '@/server/services/pipelines/import-foreign';
import { listPipelines, listPipelinesInput } from '@/server/services/pipelines/list';
import { removePipeline, removePipelineInput } from '@/server/services/pipelines/remove';
import { listPipelineRevisions, listPipelineRevisionsInput } from '@/server/services/pipelines/revisions';

export const pipelinesRouter = router({
  list: procedure.input(listPipelinesInput).query(({ ctx, input }) => listPipelines(ctx, input)),
  get: procedure.input(getPipelineInput).query(({ ctx, input }) => getPipeline(ctx, input)),
  revisions: procedure
    .input(listPipelineRevisionsInput)
    .query(({ ctx, input }) => listPipelineRevisions(ctx, input)),
  export: procedure.input(exportPipelineInput).query(({ ctx, input }) => exportPipeline(ctx, input)),
  importForeign: procedure
    .input(importForeignInput)
    .mutation(({ ctx, input }) => importForeignPipeline(ctx, input)),
  import: procedure.input(importPipelineInput).mutation(({ ctx, input }) => importPipeline(ctx, input)),
  remove: procedure.input(removePipelineInput).mutation(({ ctx, input }) => removePipeline(ctx, input)),
  // Reads only; a mutation because a definition is too long for an address.
  check: procedure.input(checkPipelineInput).mutation(({ ctx, input }) => checkPipeline(ctx, input)),
});
