import { z } from 'zod';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { planGroups } from '@/server/engine/clusters/plan-groups';
import { placeSlot } from '@/server/engine/clusters/plan-regions';
import { targetSchema } from '@/server/engine/clusters/selection';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z
  .object({ ...placeShape, target: targetSchema.default('oldest') })
  .superRefine(requirePlace);

/** Removes a group in each region, after it has left traffic. */
export const destroyServerGroups: StageType<z.infer<typeof configSchema>> = {
  type: 'destroyServerGroups',
  label: 'Destroy server group',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  plan: (context) =>
    planGroups(context, {
      step: (group) => ({ type: 'destroyServerGroup', serverGroup: group.name }),
      whenNone: 'skipped',
    }),
  tasks: [],
};
