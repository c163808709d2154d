import { procedure, router } from '@/server/api/trpc';
import { getHealth, getHealthInput } from '@/server/services/system/health';

export const systemRouter = router({
  health: procedure.input(getHealthInput).query(({ ctx, input }) => getHealth(ctx, input)),
});
