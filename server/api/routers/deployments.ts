import { procedure, router } from '@/server/api/trpc';
import { startDeployment, startDeploymentInput } from '@/server/services/deployments/start';

export const deploymentsRouter = router({
  start: procedure.input(startDeploymentInput).mutation(({ ctx, input }) => startDeployment(ctx, input)),
});
