import { procedure, router } from '@/server/api/trpc';
import { previewRollback, previewRollbackInput } from '@/server/services/rollbacks/preview';
import { previewEverywhere, previewEverywhereInput } from '@/server/services/rollbacks/preview-everywhere';
import { startRollback, startRollbackInput } from '@/server/services/rollbacks/start';
import { startEverywhere, startEverywhereInput } from '@/server/services/rollbacks/start-everywhere';

export const rollbacksRouter = router({
  preview: procedure.input(previewRollbackInput).query(({ ctx, input }) => previewRollback(ctx, input)),
  start: procedure.input(startRollbackInput).mutation(({ ctx, input }) => startRollback(ctx, input)),
  previewEverywhere: procedure
    .input(previewEverywhereInput)
    .query(({ ctx, input }) => previewEverywhere(ctx, input)),
  startEverywhere: procedure
    .input(startEverywhereInput)
    .mutation(({ ctx, input }) => startEverywhere(ctx, input)),
});
