import { procedure, router } from '@/server/api/trpc';
import { deployObjectionsInput, readDeployObjections } from '@/server/services/deployments/objections';
import { previewDeployment, previewDeploymentInput } from '@/server/services/deployments/preview';
import { startDeployment, startDeploymentInput } from '@/server/services/deployments/start';

export const deploymentsRouter = router({
  start: procedure.input(startDeploymentInput).mutation(({ ctx, input }) => startDeployment(ctx, input)),
  objections: procedure
    .input(deployObjectionsInput)
    .query(({ ctx, input }) => readDeployObjections(ctx, input)),
  preview: procedure.input(previewDeploymentInput).query(({ ctx, input }) => previewDeployment(ctx, input)),
});
