import { z } from 'zod';
import { servingInstances } from '@/server/domain/guard';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { pause, retire, retireShape } from '@/server/strategies/parts/retire';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

const stepSchema = z.object({
  /** Share of the requests for the new group. */
  weight: z.number().int().min(1).max(99).meta({ widget: 'percent' }),
  pauseSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
  /** A person says whether to go on. */
  judgment: z.boolean().default(false),
});

const optionsSchema = z.strictObject({
  steps: z
    .array(stepSchema)
    .min(1)
    .max(20)
    .default([
      { weight: 10, pauseSeconds: 60, judgment: false },
      { weight: 50, pauseSeconds: 60, judgment: false },
    ]),
  /** Size of the new group until it takes over, in percent of its full size. */
  sizePercent: z.number().int().min(1).max(100).meta({ widget: 'percent' }).default(100),
  ...retireShape,
});
type Options = z.infer<typeof optionsSchema>;

/** The new group gets a small share of the requests, then more, and in the end all. */
export const canary: Strategy<Options> = {
  kind: 'canary',
  label: 'Canary (weighted steps)',
  optionsSchema,
  needs: ['weightedTraffic'],
  interruptsTraffic: false,
  plan(observed, wanted, options) {
    const { serverGroup, capacity } = wanted;
    const stable = observed.filter((group) => servingInstances(group) > 0);
    const create = (size: Capacity): Step => {
      return { type: 'createServerGroup', serverGroup, enabled: false, capacity: size };
    };
    const enable: Step = { type: 'enableServerGroup', serverGroup };
    // With nobody to compare with, nor to fall back on, steps would only delay.
    if (stable.length === 0) return [create(capacity), enable, ...retire(observed, wanted, options)];
    const small = sizedDown(capacity, options.sizePercent);
    const grow: Step[] =
      small.desired < capacity.desired ? [{ type: 'resizeServerGroup', serverGroup, capacity }] : [];
    return [
      create(small),
      ...options.steps.flatMap((step, index): Step[] => [
        weigh(stable, wanted, step.weight),
        // The weight stands before the first request can come.
        ...(index === 0 ? [enable] : []),
        ...pause(step.pauseSeconds),
        ...(step.judgment
          ? [{ type: 'manualJudgment' as const, instructions: `${serverGroup} has ${step.weight} %.` }]
          : []),
      ]),
      ...grow,
      weigh(stable, wanted, 100),
      ...retire(observed, wanted, options),
    ];
  },
};

/** The stable groups share what is left by their healthy instances. */
function weigh(stable: readonly ServerGroup[], { serverGroup }: Wanted, weight: number): Step {
  const healthy = stable.reduce((sum, group) => sum + servingInstances(group), 0);
  const weights: Record<string, number> = { [serverGroup]: weight };
  for (const group of stable) weights[group.name] = ((100 - weight) * servingInstances(group)) / healthy;
  return { type: 'setWeights', weights };
}

function sizedDown(capacity: Capacity, percent: number): Capacity {
  const desired = Math.max(1, Math.ceil((capacity.desired * percent) / 100));
  if (desired >= capacity.desired) return capacity;
  return { min: Math.min(capacity.min, desired), desired, max: capacity.max };
}
