import { z } from 'zod';
import { analysisOptionsSchema, analysisShape, optionProblems } from '@/server/domain/analysis';
import { servingInstances } from '@/server/domain/guard';
import type { ServerGroup } from '@/server/domain/inventory';
import { retire, retireShape } from '@/server/strategies/parts/retire';
import {
  growth,
  sizedDown,
  sizePercentSchema,
  weightStep,
  weightStepSchema,
  weightsOf,
} from '@/server/strategies/parts/weigh';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

const optionsSchema = z
  .strictObject({
    ...analysisShape,
    /** Share of the requests for the new version while it is judged; the baseline gets as much. */
    weight: z.number().int().min(1).max(49).meta({ widget: 'percent' }).default(10),
    /** Size of the canary and of its baseline, in percent of the full size. */
    sizePercent: sizePercentSchema.default(50),
    /** What comes between the verdict and all of the traffic. */
    steps: z.array(weightStepSchema).max(20).default([]),
    ...retireShape,
  })
  .superRefine((options, check) => {
    for (const { field, problem } of optionProblems(options))
      check.addIssue({ code: 'custom', message: problem, path: [field] });
  });
type Options = z.infer<typeof optionsSchema>;

/**
 * The new version and a fresh baseline of the old one get an equal small share, are compared by their metrics, and only
 * when the new one is well does it take over.
 */
export const automatedcanary: Strategy<Options> = {
  kind: 'automatedcanary',
  label: 'Canary with automated analysis',
  optionsSchema,
  needs: ['weightedTraffic'],
  interruptsTraffic: false,
  comparesWithBaseline: true,
  plan(observed, wanted, options) {
    const { serverGroup, capacity } = wanted;
    const stable = observed.filter((group) => servingInstances(group) > 0);
    const [source] = stable.toSorted((a, b) => servingInstances(b) - servingInstances(a));
    const enable: Step = { type: 'enableServerGroup', serverGroup };
    const retired = retire(observed, wanted, options);
    // With nobody to compare with, nor to fall back on, there is nothing to judge.
    if (!source)
      return [{ type: 'createServerGroup', serverGroup, enabled: false, capacity }, enable, ...retired];
    if (source.serverless) return besideSource(stable, source, wanted, options, retired);
    const small = sizedDown(capacity, options.sizePercent);
    return [
      {
        type: 'createServerGroup',
        serverGroup: wanted.baseline,
        enabled: false,
        capacity: small,
        artifact: source.artifact,
      },
      { type: 'createServerGroup', serverGroup, enabled: false, capacity: small },
      ...compare(stable, source, wanted, options),
      ...options.steps.flatMap((step) => weightStep(stable, wanted, step)),
      ...growth(wanted, small),
      { type: 'setWeights', weights: weightsOf(stable, { [serverGroup]: 100 }) },
      ...retired,
    ];
  },
};

/**
 * What routes to serverless groups holds two of them. The old version then is its own baseline, which costs nothing:
 * a serverless group is no warmer for having run longer.
 */
function besideSource(
  stable: readonly ServerGroup[],
  source: ServerGroup,
  wanted: Wanted,
  options: Options,
  retired: readonly Step[],
): Step[] {
  const { serverGroup } = wanted;
  return [
    { type: 'createServerGroup', serverGroup, enabled: false },
    { type: 'setWeights', weights: weightsOf(stable, { [serverGroup]: options.weight }) },
    { type: 'enableServerGroup', serverGroup },
    analysis(source, source.name, wanted, options),
    ...options.steps.flatMap((step) => weightStep(stable, wanted, step)),
    { type: 'setWeights', weights: weightsOf(stable, { [serverGroup]: 100 }) },
    ...retired,
  ];
}

function analysis(source: ServerGroup, baseline: string, wanted: Wanted, options: Options): Step {
  return {
    type: 'canaryAnalysis',
    baseline,
    canary: wanted.serverGroup,
    versions: { baseline: source.artifact.version, canary: wanted.artifact.version },
    options: analysisOptionsSchema.parse(options),
  };
}

/** Both in traffic until the verdict; then the baseline goes, before the canary gets more. */
function compare(
  stable: readonly ServerGroup[],
  source: ServerGroup,
  wanted: Wanted,
  options: Options,
): Step[] {
  const { serverGroup: canary, baseline } = wanted;
  const { weight } = options;
  return [
    // The weights stand before the first request can come.
    { type: 'setWeights', weights: weightsOf(stable, { [baseline]: weight, [canary]: weight }) },
    { type: 'enableServerGroup', serverGroup: baseline },
    { type: 'enableServerGroup', serverGroup: canary },
    analysis(source, baseline, wanted, options),
    { type: 'setWeights', weights: weightsOf(stable, { [baseline]: 0, [canary]: weight }) },
    { type: 'disableServerGroup', serverGroup: baseline },
    { type: 'destroyServerGroup', serverGroup: baseline },
  ];
}
