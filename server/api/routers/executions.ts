import { procedure, router } from '@/server/api/trpc';
import { cancelExecution, cancelExecutionInput } from '@/server/services/executions/cancel';
import { getExecution, getExecutionInput } from '@/server/services/executions/get';
import { getStage, getStageInput } from '@/server/services/executions/get-stage';
import { listExecutions, listExecutionsInput } from '@/server/services/executions/list';
import { overrideStageWindow, overrideStageWindowInput } from '@/server/services/executions/override-window';
import { pauseExecution, pauseExecutionInput } from '@/server/services/executions/pause';
import { rerunExecution, rerunExecutionInput } from '@/server/services/executions/rerun';
import { restartStage, restartStageInput } from '@/server/services/executions/restart-stage';
import { resumeExecution, resumeExecutionInput } from '@/server/services/executions/resume';
import { skipStage, skipStageInput } from '@/server/services/executions/skip-stage';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import { getTrend, getTrendInput } from '@/server/services/executions/trend';
import { listWaitingFor, listWaitingForInput } from '@/server/services/executions/waiting';

export const executionsRouter = router({
  list: procedure.input(listExecutionsInput).query(({ ctx, input }) => listExecutions(ctx, input)),
  get: procedure.input(getExecutionInput).query(({ ctx, input }) => getExecution(ctx, input)),
  getStage: procedure.input(getStageInput).query(({ ctx, input }) => getStage(ctx, input)),
  trend: procedure.input(getTrendInput).query(({ ctx, input }) => getTrend(ctx, input)),
  start: procedure.input(startExecutionInput).mutation(({ ctx, input }) => startExecution(ctx, input)),
  cancel: procedure.input(cancelExecutionInput).mutation(({ ctx, input }) => cancelExecution(ctx, input)),
  pause: procedure.input(pauseExecutionInput).mutation(({ ctx, input }) => pauseExecution(ctx, input)),
  restartStage: procedure.input(restartStageInput).mutation(({ ctx, input }) => restartStage(ctx, input)),
  skipStage: procedure.input(skipStageInput).mutation(({ ctx, input }) => skipStage(ctx, input)),
  overrideWindow: procedure
    .input(overrideStageWindowInput)
    .mutation(({ ctx, input }) => overrideStageWindow(ctx, input)),
  rerun: procedure.input(rerunExecutionInput).mutation(({ ctx, input }) => rerunExecution(ctx, input)),
  waiting: procedure.input(listWaitingForInput).query(({ ctx, input }) => listWaitingFor(ctx, input)),
  resume: procedure.input(resumeExecutionInput).mutation(({ ctx, input }) => resumeExecution(ctx, input)),
});
