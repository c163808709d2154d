import { z } from 'zod';
import { message } from '@/server/domain/message';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { selectGroup, targetSchema } from '@/server/engine/clusters/selection';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z
  .object({ ...placeShape, target: targetSchema.default('newest') })
  .superRefine(requirePlace);

/** Lets traffic into a group in each region, once its instances are healthy. */
export const enableServerGroups: StageType<z.infer<typeof configSchema>> = {
  type: 'enableServerGroups',
  label: 'Enable server group',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  plan: (context) =>
    planRegions(context, (groups, region) => {
      const group = selectGroup(groups, context.config.target);
      return group
        ? [{ type: 'enableServerGroup', serverGroup: group.name }]
        : message('engine.cluster.noSuchGroup', { region });
    }),
  tasks: [],
};
