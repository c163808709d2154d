import { procedure, router } from '@/server/api/trpc';
import { liftVeto, liftVetoInput } from '@/server/services/artifacts/lift-veto';
import { listArtifacts, listArtifactsInput } from '@/server/services/artifacts/list';
import { vetoArtifact, vetoArtifactInput } from '@/server/services/artifacts/veto';

export const artifactsRouter = router({
  list: procedure.input(listArtifactsInput).query(({ ctx, input }) => listArtifacts(ctx, input)),
  veto: procedure.input(vetoArtifactInput).mutation(({ ctx, input }) => vetoArtifact(ctx, input)),
  liftVeto: procedure.input(liftVetoInput).mutation(({ ctx, input }) => liftVeto(ctx, input)),
});
