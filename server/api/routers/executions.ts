import { procedure, router } from '@/server/api/trpc';
import { cancelExecution, cancelExecutionInput } from '@/server/services/executions/cancel';
import { getExecution, getExecutionInput } from '@/server/services/executions/get';
import { getStage, getStageInput } from '@/server/services/executions/get-stage';
import { listExecutions, listExecutionsInput } from '@/server/services/executions/list';
import { pauseExecution, pauseExecutionInput } from '@/server/services/executions/pause';
import { resumeExecution, resumeExecutionInput } from '@/server/services/executions/resume';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import { getTrend, getTrendInput } from '@/server/services/executions/trend';

export const executionsRouter = router({
  list: procedure.input(listExecutionsInput).query(({ ctx, input }) => listExecutions(ctx, input)),
  get: procedure.input(getExecutionInput).query(({ ctx, input }) => getExecution(ctx, input)),
  getStage: procedure.input(getStageInput).query(({ ctx, input }) => getStage(ctx, input)),
  trend: procedure.input(getTrendInput).query(({ ctx, input }) => getTrend(ctx, input)),
  start: procedure.input(startExecutionInput).mutation(({ ctx, input }) => startExecution(ctx, input)),
  cancel: procedure.input(cancelExecutionInput).mutation(({ ctx, input }) => cancelExecution(ctx, input)),
  pause: procedure.input(pauseExecutionInput).mutation(({ ctx, input }) => pauseExecution(ctx, input)),
  resume: procedure.input(resumeExecutionInput).mutation(({ ctx, input }) => resumeExecution(ctx, input)),
});
