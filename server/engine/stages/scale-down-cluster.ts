import { z } from 'zod';
import { createdHere, placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { beyond, isActive } from '@/server/engine/clusters/selection';
import { sparedIn } from '@/server/engine/clusters/spared';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z
  .object({
    ...placeShape,
    /** Groups that keep their size, those this pipeline has just deployed included. */
    remainingFullSize: z.number().int().min(0).max(100).default(1),
    preferLarger: z.boolean().default(false),
    /** Groups in traffic may be scaled down too; the traffic guard still holds. */
    allowActive: z.boolean().default(false),
  })
  .superRefine(requirePlace);

/** Takes the instances of all but the newest (or largest) groups of a cluster away; the groups stay. */
export const scaleDownCluster: StageType<z.infer<typeof configSchema>> = {
  type: 'scaleDownCluster',
  label: 'Scale down cluster',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  async plan(context) {
    const { remainingFullSize, preferLarger, allowActive } = context.config;
    const created = await createdHere(context);
    return planRegions(context, (groups, region) => {
      const spared = sparedIn(groups, region, created);
      return beyond(groups, { keep: remainingFullSize, preferLarger, spared })
        .filter(
          (group) => !group.serverless && group.capacity.desired > 0 && (allowActive || !isActive(group)),
        )
        .map((group) => ({
          type: 'resizeServerGroup',
          serverGroup: group.name,
          capacity: { min: 0, desired: 0, max: group.capacity.max },
        }));
    });
  },
  tasks: [],
};
