import { procedure, router } from '@/server/api/trpc';
import { listAnalyses, listAnalysesInput } from '@/server/services/analyses/list';
import { reportAnalysis, reportAnalysisInput } from '@/server/services/analyses/report';
import { startRetrospective, startRetrospectiveInput } from '@/server/services/analyses/start-retrospective';

export const analysesRouter = router({
  list: procedure.input(listAnalysesInput).query(({ ctx, input }) => listAnalyses(ctx, input)),
  report: procedure.input(reportAnalysisInput).query(({ ctx, input }) => reportAnalysis(ctx, input)),
  startRetrospective: procedure
    .input(startRetrospectiveInput)
    .mutation(({ ctx, input }) => startRetrospective(ctx, input)),
});
