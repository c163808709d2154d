import { bake } from '@/server/engine/stages/bake';
import { canaryAnalysis } from '@/server/engine/stages/canary-analysis';
import { checkPreconditions } from '@/server/engine/stages/check-preconditions';
import { createServerGroup } from '@/server/engine/stages/create-server-group';
import { deploy } from '@/server/engine/stages/deploy';
import { destroyServerGroup } from '@/server/engine/stages/destroy-server-group';
import { destroyServerGroups } from '@/server/engine/stages/destroy-server-groups';
import { disableCluster } from '@/server/engine/stages/disable-cluster';
import { disableServerGroup } from '@/server/engine/stages/disable-server-group';
import { disableServerGroups } from '@/server/engine/stages/disable-server-groups';
import { enableServerGroup } from '@/server/engine/stages/enable-server-group';
import { enableServerGroups } from '@/server/engine/stages/enable-server-groups';
import { evaluateVariables } from '@/server/engine/stages/evaluate-variables';
import { findArtifact } from '@/server/engine/stages/find-artifact';
import { manualJudgment } from '@/server/engine/stages/manual-judgment';
import { pipeline } from '@/server/engine/stages/pipeline';
import { resizeServerGroup } from '@/server/engine/stages/resize-server-group';
import { resizeServerGroups } from '@/server/engine/stages/resize-server-groups';
import { rollbackCluster } from '@/server/engine/stages/rollback-cluster';
import { runJob } from '@/server/engine/stages/run-job';
import { scaleDownCluster } from '@/server/engine/stages/scale-down-cluster';
import { setWeights } from '@/server/engine/stages/set-weights';
import { shrinkCluster } from '@/server/engine/stages/shrink-cluster';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { toggle } from '@/server/engine/stages/toggle';
import { upsertLoadBalancer } from '@/server/engine/stages/upsert-load-balancer';
import { wait } from '@/server/engine/stages/wait';
import { webhook } from '@/server/engine/stages/webhook';

/** Every stage type: one line each. Forms, validation and the catalogue page read this. */
export const stageTypes = {
  bake,
  canaryAnalysis,
  checkPreconditions,
  createServerGroup,
  deploy,
  destroyServerGroup,
  destroyServerGroups,
  disableCluster,
  disableServerGroup,
  disableServerGroups,
  enableServerGroup,
  enableServerGroups,
  evaluateVariables,
  findArtifact,
  manualJudgment,
  pipeline,
  resizeServerGroup,
  resizeServerGroups,
  rollbackCluster,
  runJob,
  scaleDownCluster,
  setWeights,
  shrinkCluster,
  toggle,
  upsertLoadBalancer,
  wait,
  webhook,
} satisfies StageCatalogue;
