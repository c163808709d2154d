import { procedure, router } from '@/server/api/trpc';
import { applyMetricsSource, applyMetricsSourceInput } from '@/server/services/metrics-sources/apply';
import { checkMetricsSource, checkMetricsSourceInput } from '@/server/services/metrics-sources/check';
import { listMetricsSources, listMetricsSourcesInput } from '@/server/services/metrics-sources/list';
import { removeMetricsSource, removeMetricsSourceInput } from '@/server/services/metrics-sources/remove';
import { listMetricsSourceTypes, listMetricsSourceTypesInput } from '@/server/services/metrics-sources/types';

export const metricsSourcesRouter = router({
  list: procedure.input(listMetricsSourcesInput).query(({ ctx, input }) => listMetricsSources(ctx, input)),
  types: procedure
    .input(listMetricsSourceTypesInput)
    .query(({ ctx, input }) => listMetricsSourceTypes(ctx, input)),
  // `apply` is a word that tRPC keeps for itself.
  save: procedure.input(applyMetricsSourceInput).mutation(({ ctx, input }) => applyMetricsSource(ctx, input)),
  remove: procedure
    .input(removeMetricsSourceInput)
    .mutation(({ ctx, input }) => removeMetricsSource(ctx, input)),
  // Reads only; a mutation because it asks another system, and only when somebody wants to know.
  check: procedure
    .input(checkMetricsSourceInput)
    .mutation(({ ctx, input }) => checkMetricsSource(ctx, input)),
});
