import { z } from 'zod';
import { servingInstances } from '@/server/domain/guard';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { pause, retire, retireShape } from '@/server/strategies/parts/retire';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({
  /** How much of the new group is there after each step; the last step is always all of it. */
  percentages: z.array(z.number().int().min(1).max(100)).max(20).default([25, 50, 100]),
  /** After each step the old group shrinks so much later. */
  delayBetweenSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
  /** A pipeline of the application that must succeed after each step before the old group shrinks. */
  validate: z.string().meta({ widget: 'pipeline' }).optional(),
  ...retireShape,
});
type Options = z.infer<typeof optionsSchema>;

/**
 * The new group grows while the old one shrinks, step by step. Traffic follows the number of instances,
 * so no weights are needed; a step may be validated by a pipeline before capacity leaves the old group.
 */
export const rollingredblack: Strategy<Options> = {
  kind: 'rollingredblack',
  label: 'Rolling red/black',
  optionsSchema,
  // A group that the platform sizes by itself cannot grow step by step.
  needs: ['instances'],
  interruptsTraffic: false,
  plan(observed, wanted, options) {
    const source = sourceOf(observed);
    const sizes = sizesOf(wanted.capacity.desired, options.percentages);
    const steps = sizes.flatMap(({ percent, size }, index): Step[] => [
      ...(index === 0 ? begin(wanted, size) : [resize(wanted.serverGroup, wanted.capacity, size)]),
      ...validate(options.validate, wanted, source, percent),
      ...(percent < 100 ? pause(options.delayBetweenSeconds) : []),
      ...(percent < 100 ? shrink(observed, source, wanted, size) : []),
    ]);
    return [...steps, ...retire(observed, wanted, options)];
  },
};

/** The group that gives way: of those that serve, the one with the most healthy instances. */
function sourceOf(observed: readonly ServerGroup[]): ServerGroup | null {
  const serving = observed.filter((group) => servingInstances(group) > 0);
  return serving.toSorted((a, b) => servingInstances(b) - servingInstances(a))[0] ?? null;
}

/** Ascending, without repetition, ending at all of it; at least one instance at each. */
function sizesOf(desired: number, percentages: readonly number[]): { percent: number; size: number }[] {
  const percents = [...new Set([...percentages, 100])].toSorted((a, b) => a - b);
  const sizes = percents.map((percent) => ({
    percent,
    size: Math.min(desired, Math.max(1, Math.ceil((desired * percent) / 100))),
  }));
  // Steps that would add nothing are left out, but the last one stays, because it ends the rollout.
  return sizes.filter(({ percent, size }, at) => percent === 100 || size !== sizes[at - 1]?.size);
}

function begin(wanted: Wanted, size: number): Step[] {
  const { serverGroup, capacity } = wanted;
  return [
    { type: 'createServerGroup', serverGroup, enabled: false, capacity: sized(capacity, size) },
    { type: 'enableServerGroup', serverGroup },
  ];
}

function validate(
  pipeline: string | undefined,
  { serverGroup }: Wanted,
  source: ServerGroup | null,
  percent: number,
): Step[] {
  if (pipeline === undefined) return [];
  return [{ type: 'validate', pipeline, serverGroup, sourceServerGroup: source?.name ?? null, percent }];
}

/**
 * Takes from the old group what the new one has added, never below what served before or is wanted. A
 * group with an unhealthy instance is left alone: the platform might keep just that one.
 */
function shrink(
  observed: readonly ServerGroup[],
  source: ServerGroup | null,
  wanted: Wanted,
  added: number,
): Step[] {
  if (!source || source.instances.some((instance) => instance.health !== 'healthy')) return [];
  const served = observed.reduce((sum, group) => sum + servingInstances(group), 0);
  const floor = Math.min(served, wanted.capacity.desired);
  const others = served - servingInstances(source);
  const size = Math.max(1, floor - others - added);
  return size < source.capacity.desired ? [resize(source.name, source.capacity, size)] : [];
}

function resize(serverGroup: string, capacity: Capacity, size: number): Step {
  return { type: 'resizeServerGroup', serverGroup, capacity: sized(capacity, size) };
}

function sized({ min, max }: Capacity, desired: number): Capacity {
  return { min: Math.min(min, desired), desired, max: Math.max(max, desired) };
}
