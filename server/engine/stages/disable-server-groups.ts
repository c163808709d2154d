import { z } from 'zod';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { planGroups } from '@/server/engine/clusters/plan-groups';
import { placeSlot } from '@/server/engine/clusters/plan-regions';
import { targetSchema } from '@/server/engine/clusters/selection';
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
    planGroups(context, {
      step: (group) => ({ type: 'disableServerGroup', serverGroup: group.name }),
      whenNone: 'skipped',
    }),
  tasks: [],
};
