import { accountsRouter } from '@/server/api/routers/accounts';
import { analysesRouter } from '@/server/api/routers/analyses';
import { applicationsRouter } from '@/server/api/routers/applications';
import { artifactsRouter } from '@/server/api/routers/artifacts';
import { auditRouter } from '@/server/api/routers/audit';
import { boardRouter } from '@/server/api/routers/board';
import { canaryConfigsRouter } from '@/server/api/routers/canary-configs';
import { catalogueRouter } from '@/server/api/routers/catalogue';
import { clustersRouter } from '@/server/api/routers/clusters';
import { deploymentsRouter } from '@/server/api/routers/deployments';
import { eventsRouter } from '@/server/api/routers/events';
import { executionsRouter } from '@/server/api/routers/executions';
import { judgmentsRouter } from '@/server/api/routers/judgments';
import { metricsSourcesRouter } from '@/server/api/routers/metrics-sources';
import { notificationsRouter } from '@/server/api/routers/notifications';
import { pinsRouter } from '@/server/api/routers/pins';
import { pipelinesRouter } from '@/server/api/routers/pipelines';
import { rollbacksRouter } from '@/server/api/routers/rollbacks';
import { systemRouter } from '@/server/api/routers/system';
import { togglesRouter } from '@/server/api/routers/toggles';
import { tokensRouter } from '@/server/api/routers/tokens';
import { triggersRouter } from '@/server/api/routers/triggers';
import { usersRouter } from '@/server/api/routers/users';
import { webhooksRouter } from '@/server/api/routers/webhooks';
import { router } from '@/server/api/trpc';

export const appRouter = router({
  accounts: accountsRouter,
  analyses: analysesRouter,
  applications: applicationsRouter,
  artifacts: artifactsRouter,
  audit: auditRouter,
  board: boardRouter,
  canaryConfigs: canaryConfigsRouter,
  catalogue: catalogueRouter,
  clusters: clustersRouter,
  deployments: deploymentsRouter,
  events: eventsRouter,
  executions: executionsRouter,
  judgments: judgmentsRouter,
  metricsSources: metricsSourcesRouter,
  pins: pinsRouter,
  pipelines: pipelinesRouter,
  rollbacks: rollbacksRouter,
  system: systemRouter,
  toggles: togglesRouter,
  tokens: tokensRouter,
  triggers: triggersRouter,
  users: usersRouter,
  notifications: notificationsRouter,
  webhooks: webhooksRouter,
});

export type AppRouter = typeof appRouter;
