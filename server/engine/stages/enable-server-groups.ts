import { z } from 'zod';
import { trafficObjection } from '@/server/engine/clusters/admission';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { planGroups } from '@/server/engine/clusters/plan-groups';
import { placeSlot } from '@/server/engine/clusters/plan-regions';
import { targetSchema } from '@/server/engine/clusters/selection';
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
    planGroups(context, {
      step: (group) => ({ type: 'enableServerGroup', serverGroup: group.name }),
      objection: (group, place) => trafficObjection(context, place, group.artifact),
      whenNone: 'errored',
    }),
  tasks: [],
};
