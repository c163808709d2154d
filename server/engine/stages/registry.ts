import { createServerGroup } from '@/server/engine/stages/createServerGroup';
import { deploy } from '@/server/engine/stages/deploy';
import { destroyServerGroup } from '@/server/engine/stages/destroyServerGroup';
import { disableServerGroup } from '@/server/engine/stages/disableServerGroup';
import { enableServerGroup } from '@/server/engine/stages/enableServerGroup';
import { manualJudgment } from '@/server/engine/stages/manualJudgment';
import { resizeServerGroup } from '@/server/engine/stages/resizeServerGroup';
import { rollbackCluster } from '@/server/engine/stages/rollbackCluster';
import { erase, type StageCatalogue } from '@/server/engine/stages/stage';
import { upsertLoadBalancer } from '@/server/engine/stages/upsertLoadBalancer';
import { wait } from '@/server/engine/stages/wait';

/** Every stage type: one line each. Forms, validation and the catalogue page read this. */
export const stageTypes = {
  createServerGroup: erase(createServerGroup),
  deploy: erase(deploy),
  destroyServerGroup: erase(destroyServerGroup),
  disableServerGroup: erase(disableServerGroup),
  enableServerGroup: erase(enableServerGroup),
  manualJudgment: erase(manualJudgment),
  resizeServerGroup: erase(resizeServerGroup),
  rollbackCluster: erase(rollbackCluster),
  upsertLoadBalancer: erase(upsertLoadBalancer),
  wait: erase(wait),
} satisfies StageCatalogue;
