import { z } from 'zod';
import { servingInstances } from '@/server/domain/guard';
import type { Capacity } from '@/server/domain/inventory';
import { retire, retireShape } from '@/server/strategies/parts/retire';
import {
  growth,
  sizedDown,
  sizePercentSchema,
  weightStep,
  weightStepSchema,
  weightsOf,
} from '@/server/strategies/parts/weigh';
import type { Step, Strategy } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({
  steps: z
    .array(weightStepSchema)
    .min(1)
    .max(20)
    .default([
      { weight: 10, pauseSeconds: 60, judgment: false },
      { weight: 50, pauseSeconds: 60, judgment: false },
    ]),
  sizePercent: sizePercentSchema.default(100),
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
    return [
      create(small),
      // The first weight stands before the first request can come.
      ...options.steps.flatMap((step, index) =>
        weightStep(stable, wanted, step, index === 0 ? [enable] : []),
      ),
      ...growth(wanted, small),
      { type: 'setWeights', weights: weightsOf(stable, { [serverGroup]: 100 }) },
      ...retire(observed, wanted, options),
    ];
  },
};
