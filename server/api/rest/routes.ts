import type { Route } from '@/server/api/rest/route';
import { administrationRoutes } from '@/server/api/rest/routes/administration';
import { applicationRoutes } from '@/server/api/rest/routes/applications';
import { artifactRoutes } from '@/server/api/rest/routes/artifacts';
import { automationRoutes } from '@/server/api/rest/routes/automation';
import { canaryRoutes } from '@/server/api/rest/routes/canary';
import { executionRoutes } from '@/server/api/rest/routes/executions';
import { notificationRoutes } from '@/server/api/rest/routes/notifications';
import { platformRoutes } from '@/server/api/rest/routes/platforms';
import { rollbackRoutes } from '@/server/api/rest/routes/rollbacks';
import { toggleRoutes } from '@/server/api/rest/routes/toggles';

/** Every door under `/api/v1`. The handlers and the OpenAPI document are both made from this table. */
export const routes: readonly Route[] = [
  ...executionRoutes,
  ...rollbackRoutes,
  ...applicationRoutes,
  ...artifactRoutes,
  ...automationRoutes,
  ...notificationRoutes,
  ...canaryRoutes,
  ...toggleRoutes,
  ...administrationRoutes,
  ...platformRoutes,
];
