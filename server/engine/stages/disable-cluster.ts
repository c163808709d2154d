import { z } from 'zod';
import { createdHere, placeShape, requirePlace } from '@/server/engine/clusters/place';
import { placeSlot, planRegions } from '@/server/engine/clusters/plan-regions';
import { beyond, isActive } from '@/server/engine/clusters/selection';
import { sparedIn } from '@/server/engine/clusters/spared';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z
  .object({
    ...placeShape,
    /** Groups that stay in traffic, those this pipeline has just deployed included. */
    remainingEnabled: z.number().int().min(0).max(100).default(1),
    /** The largest stay, not the newest. */
    preferLarger: z.boolean().default(false),
  })
  .superRefine(requirePlace);

/** Takes all but the newest (or largest) groups of a cluster out of traffic. */
export const disableCluster: StageType<z.infer<typeof configSchema>> = {
  type: 'disableCluster',
  label: 'Disable cluster',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  async plan(context) {
    const { remainingEnabled, preferLarger } = context.config;
    const created = await createdHere(context);
    return planRegions(context, (groups, region) => {
      const active = groups.filter(isActive);
      const spared = sparedIn(active, region, created);
      return beyond(active, { keep: remainingEnabled, preferLarger, spared }).map((group) => ({
        type: 'disableServerGroup',
        serverGroup: group.name,
      }));
    });
  },
  tasks: [],
};
