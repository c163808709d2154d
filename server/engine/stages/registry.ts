import { checkPreconditions } from '@/server/engine/stages/check-preconditions';
import { createServerGroup } from '@/server/engine/stages/create-server-group';
import { deploy } from '@/server/engine/stages/deploy';
import { destroyServerGroup } from '@/server/engine/stages/destroy-server-group';
import { disableServerGroup } from '@/server/engine/stages/disable-server-group';
import { enableServerGroup } from '@/server/engine/stages/enable-server-group';
import { evaluateVariables } from '@/server/engine/stages/evaluate-variables';
import { manualJudgment } from '@/server/engine/stages/manual-judgment';
import { resizeServerGroup } from '@/server/engine/stages/resize-server-group';
import { rollbackCluster } from '@/server/engine/stages/rollback-cluster';
import { setWeights } from '@/server/engine/stages/set-weights';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { upsertLoadBalancer } from '@/server/engine/stages/upsert-load-balancer';
import { wait } from '@/server/engine/stages/wait';

/** Every stage type: one line each. Forms, validation and the catalogue page read this. */
export const stageTypes = {
  checkPreconditions,
  createServerGroup,
  deploy,
  destroyServerGroup,
  disableServerGroup,
  enableServerGroup,
  evaluateVariables,
  manualJudgment,
  resizeServerGroup,
  rollbackCluster,
  setWeights,
  upsertLoadBalancer,
  wait,
} satisfies StageCatalogue;
