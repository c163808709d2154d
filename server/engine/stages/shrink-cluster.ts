import { z } from 'zod';
import { createdHere, placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { beyond, isActive } from '@/server/engine/clusters/selection';
import { sparedIn } from '@/server/engine/clusters/spared';
import type { StageType } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

const configSchema = z
  .object({
    ...placeShape,
    /** Groups that stay, those this pipeline has just deployed included. */
    shrinkTo: z.number().int().min(0).max(100).default(1),
    preferLarger: z.boolean().default(false),
    /** Groups in traffic may go too; the traffic guard still holds. */
    allowActive: z.boolean().default(false),
  })
  .superRefine(requirePlace);

/** Removes all but the newest (or largest) groups of a cluster. */
export const shrinkCluster: StageType<z.infer<typeof configSchema>> = {
  type: 'shrinkCluster',
  label: 'Shrink cluster',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  async plan(context) {
    const { shrinkTo, preferLarger, allowActive } = context.config;
    const created = await createdHere(context);
    return planRegions(context, (groups, region) => {
      const spared = sparedIn(groups, region, created);
      return beyond(groups, { keep: shrinkTo, preferLarger, spared })
        .filter((group) => allowActive || !isActive(group))
        .map((group): Step => ({ type: 'destroyServerGroup', serverGroup: group.name }));
    });
  },
  tasks: [],
};
