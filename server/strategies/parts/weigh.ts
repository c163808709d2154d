import { z } from 'zod';
import { servingInstances } from '@/server/domain/guard';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { pause } from '@/server/strategies/parts/retire';
import type { Step, Wanted } from '@/server/strategies/strategy';

export const weightStepSchema = z.object({
  /** Share of the requests for the new group. */
  weight: z.number().int().min(1).max(99).meta({ widget: 'percent' }),
  pauseSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
  /** A person says whether to go on. */
  judgment: z.boolean().default(false),
});
export type WeightStep = z.infer<typeof weightStepSchema>;

/** Size of the new group until it takes over, in percent of its full size. */
export const sizePercentSchema = z.number().int().min(1).max(100).meta({ widget: 'percent' });

/** Gives the new group the step's share; what the step waits for comes after `between`. */
export function weightStep(
  stable: readonly ServerGroup[],
  wanted: Wanted,
  step: WeightStep,
  between: readonly Step[] = [],
): Step[] {
  const { serverGroup } = wanted;
  return [
    { type: 'setWeights', weights: weightsOf(stable, { [serverGroup]: step.weight }) },
    ...between,
    ...pause(step.pauseSeconds),
    ...(step.judgment
      ? [{ type: 'manualJudgment' as const, instructions: `${serverGroup} has ${step.weight} %.` }]
      : []),
  ];
}

/** The given percents, and what is left for the stable groups by their healthy instances. */
export function weightsOf(
  stable: readonly ServerGroup[],
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  const left = 100 - Object.values(given).reduce((sum, weight) => sum + weight, 0);
  const healthy = stable.reduce((sum, group) => sum + servingInstances(group), 0);
  const weights: Record<string, number> = { ...given };
  for (const group of stable) weights[group.name] = (left * servingInstances(group)) / healthy;
  return weights;
}

/** From the small size to the whole, where that is more. */
export function growth({ serverGroup, capacity }: Wanted, small: Capacity): Step[] {
  return small.desired < capacity.desired ? [{ type: 'resizeServerGroup', serverGroup, capacity }] : [];
}

export function sizedDown(capacity: Capacity, percent: number): Capacity {
  const desired = Math.max(1, Math.ceil((capacity.desired * percent) / 100));
  if (desired >= capacity.desired) return capacity;
  return { min: Math.min(capacity.min, desired), desired, max: capacity.max };
}
