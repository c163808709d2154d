import { z } from 'zod';
import { message } from '@/server/domain/message';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { selectGroup, targetSchema } from '@/server/engine/clusters/selection';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z
  .object({ ...placeShape, target: targetSchema.default('previous') })
  .superRefine(requirePlace);

/** Takes a group out of traffic in each region; its instances stay. */
export const disableServerGroups: StageType<z.infer<typeof configSchema>> = {
  type: 'disableServerGroups',
  label: 'Disable server group',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  plan: (context) =>
    planRegions(context, (groups, region) => {
      const group = selectGroup(groups, context.config.target);
      return group
        ? [{ type: 'disableServerGroup', serverGroup: group.name }]
        : message('engine.cluster.noSuchGroup', { region });
    }),
  tasks: [],
};
