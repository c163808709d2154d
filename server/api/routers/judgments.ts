import { procedure, router } from '@/server/api/trpc';
import { decideJudgment, decideJudgmentInput } from '@/server/services/judgments/decide';
import { getEvidence, getEvidenceInput } from '@/server/services/judgments/evidence';
import { listWaiting, listWaitingInput } from '@/server/services/judgments/list-waiting';

export const judgmentsRouter = router({
  listWaiting: procedure.input(listWaitingInput).query(({ ctx, input }) => listWaiting(ctx, input)),
  evidence: procedure.input(getEvidenceInput).query(({ ctx, input }) => getEvidence(ctx, input)),
  decide: procedure.input(decideJudgmentInput).mutation(({ ctx, input }) => decideJudgment(ctx, input)),
});
