import { procedure, router } from '@/server/api/trpc';
import { getBoard, getBoardInput } from '@/server/services/board/get';

export const boardRouter = router({
  get: procedure.input(getBoardInput).query(({ ctx, input }) => getBoard(ctx, input)),
});
