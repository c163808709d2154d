import { z } from 'zod';
import { type Capacity, capacitySchema, type ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { trafficObjection } from '@/server/engine/clusters/admission';
import { placeShape, requirePlace } from '@/server/engine/clusters/place';
import { planGroups } from '@/server/engine/clusters/plan-groups';
import { placeSlot } from '@/server/engine/clusters/plan-regions';
import { isAsleep, targetSchema } from '@/server/engine/clusters/selection';
import type { StageType } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

const actionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('exact'), capacity: capacitySchema }),
  /** Percent of its size now, rounded up. */
  z.object({ action: z.literal('scaleUp'), percent: z.number().int().min(1).max(1_000) }),
  z.object({ action: z.literal('scaleDown'), percent: z.number().int().min(1).max(100) }),
  /** As large as the largest group of the cluster in the region. */
  z.object({ action: z.literal('toCluster') }),
]);
type Action = z.infer<typeof actionSchema>;

const configSchema = z
  .object({ ...placeShape, target: targetSchema.default('newest'), resize: actionSchema })
  .superRefine(requirePlace);

/** Changes how many instances a group has in each region. */
export const resizeServerGroups: StageType<z.infer<typeof configSchema>> = {
  type: 'resizeServerGroups',
  label: 'Resize server group',
  group: 'cluster',
  authorable: true,
  configSchema,
  slot: placeSlot,
  plan: (context) =>
    planGroups(context, {
      step: (group, groups) => ({
        type: 'resizeServerGroup',
        serverGroup: group.name,
        capacity: resized(group, groups, context.config.resize),
      }),
      objection: async (group, place, step) => {
        if (group.serverless) return message('engine.cluster.noInstances', { serverGroup: group.name });
        return wakes(group, step) ? trafficObjection(context, place, group.artifact) : null;
      },
      whenNone: 'errored',
    }),
  tasks: [],
};

function wakes(group: ServerGroup, step: Step): boolean {
  return isAsleep(group) && step.type === 'resizeServerGroup' && step.capacity.desired > 0;
}

/** The capacity that an action leads to; bounds give way where the size needs it. */
export function resized(group: ServerGroup, groups: readonly ServerGroup[], action: Action): Capacity {
  const { desired } = group.capacity;
  switch (action.action) {
    case 'exact':
      return action.capacity;
    case 'scaleUp':
      return sized(group, desired + Math.ceil((desired * action.percent) / 100));
    case 'scaleDown':
      return sized(group, Math.max(0, desired - Math.ceil((desired * action.percent) / 100)));
    case 'toCluster':
      return sized(group, Math.max(...groups.map((one) => one.capacity.desired)));
    default:
      return action satisfies never;
  }
}

function sized({ capacity }: ServerGroup, desired: number): Capacity {
  return { min: Math.min(capacity.min, desired), desired, max: Math.max(capacity.max, desired) };
}
