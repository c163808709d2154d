import { type GroupTarget, groupTargetSchema } from '@/server/engine/clusters/target';
import { takeTrafficOut, waitNoTraffic } from '@/server/engine/clusters/traffic';
import type { StageType } from '@/server/engine/stages/stage';

/** Takes a group out of traffic; its instances stay. */
export const disableServerGroup: StageType<GroupTarget> = {
  type: 'disableServerGroup',
  label: 'Disable server group',
  group: 'cluster',
  authorable: false,
  configSchema: groupTargetSchema,
  tasks: [takeTrafficOut, waitNoTraffic],
};
