import { z } from 'zod';
import { message } from '@/server/domain/message';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { selectGroup, targetSchema } from '@/server/engine/clusters/selection';
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
    planRegions(context, (groups, region) => {
      const group = selectGroup(groups, context.config.target);
      return group
        ? [{ type: 'destroyServerGroup', serverGroup: group.name }]
        : message('engine.cluster.noSuchGroup', { region });
    }),
  tasks: [],
};
