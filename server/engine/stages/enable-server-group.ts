import { waitHealthy } from '@/server/engine/clusters/health';
import { type GroupTarget, groupTargetSchema } from '@/server/engine/clusters/target';
import { letTrafficIn, waitTraffic } from '@/server/engine/clusters/traffic';
import type { StageType } from '@/server/engine/stages/stage';

/** Waits until a group is healthy, lets traffic in, and waits until it gets some. */
export const enableServerGroup: StageType<GroupTarget> = {
  type: 'enableServerGroup',
  label: 'Enable server group',
  group: 'cluster',
  authorable: false,
  configSchema: groupTargetSchema,
  tasks: [waitHealthy, letTrafficIn, waitTraffic],
};
