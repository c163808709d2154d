import { procedure, router } from '@/server/api/trpc';
import { previewRollback, previewRollbackInput } from '@/server/services/rollbacks/preview';
import { startRollback, startRollbackInput } from '@/server/services/rollbacks/start';

export const rollbacksRouter = router({
  preview: procedure.input(previewRollbackInput).query(({ ctx, input }) => previewRollback(ctx, input)),
  start: procedure.input(startRollbackInput).mutation(({ ctx, input }) => startRollback(ctx, input)),
});
