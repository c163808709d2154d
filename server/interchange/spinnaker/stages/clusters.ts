import { Unmappable } from '@/server/interchange/spinnaker/report';
import type { Source } from '@/server/interchange/spinnaker/source';
import type { Handler, StageInput } from '@/server/interchange/spinnaker/stages/handler';
import { placeOf } from '@/server/interchange/spinnaker/stages/place';

/** Stages that work on what runs: one server group, or a whole cluster. */

const TARGETS: Readonly<Record<string, string>> = {
  current_asg_dynamic: 'newest',
  current_asg: 'newest',
  ancestor_asg_dynamic: 'previous',
  ancestor_asg: 'previous',
  oldest_asg_dynamic: 'oldest',
};
const HEALTH = 'all health checks of the platform are considered';

function groupOf(input: StageInput): Record<string, unknown> {
  const { source } = input;
  const named = source.text('serverGroupName');
  const target = source.text('target');
  const place = placeOf(source, input, { clusters: [named?.replace(/-v\d{3,6}$/, '')] });
  source.needless(HEALTH, 'interestingHealthProviderNames');
  source.needless('the target says it', 'targetLocation', 'locationType');
  if (named) return { ...place.config, target: { serverGroup: named } };
  const ours = TARGETS[target ?? ''];
  if (!ours)
    throw new Unmappable(`It works on "${target ?? ''}", which is no way to name a server group here.`);
  return { ...place.config, target: ours };
}

const ofGroup =
  (type: string): Handler =>
  (input) => [{ type, config: groupOf(input) }];

export const enableServerGroup = ofGroup('enableServerGroups');
export const disableServerGroup = ofGroup('disableServerGroups');
export const destroyServerGroup = ofGroup('destroyServerGroups');

export const resizeServerGroup: Handler = (input) => {
  const { source } = input;
  source.lose('Sizes are not pinned here.', 'pinCapacity', 'pinMinimumCapacity', 'unpinMinimumCapacity');
  source.needless('the action says it', 'resizeType');
  return [{ type: 'resizeServerGroups', config: { ...groupOf(input), resize: resizeOf(source) } }];
};

function resizeOf(source: Source): Record<string, unknown> {
  const action = source.text('action') ?? 'scale_exact';
  switch (action) {
    case 'scale_exact': {
      const capacity = source.child('capacity');
      const [min, desired, max] = ['min', 'desired', 'max'].map((key) => capacity?.number(key));
      if (min === undefined || desired === undefined || max === undefined)
        throw new Unmappable('Its capacity is not a number for each of min, desired and max.');
      return { action: 'exact', capacity: { min, desired, max } };
    }
    case 'scale_up':
    case 'scale_down': {
      const percent = source.number('scalePct');
      if (percent === undefined)
        throw new Unmappable('It adds or takes a number of instances; here a size or a share is named.');
      return { action: action === 'scale_up' ? 'scaleUp' : 'scaleDown', percent };
    }
    case 'scale_to_cluster':
      return { action: 'toCluster' };
    default:
      throw new Unmappable(`"${action}" is not a way to resize here.`);
  }
}

export const disableCluster: Handler = (input) => {
  const { source } = input;
  const config = placeOf(source, input).config;
  source.needless(HEALTH, 'interestingHealthProviderNames');
  const remainingEnabled = source.number('remainingEnabledServerGroups') ?? 1;
  const preferLarger = source.flag('preferLargerOverNewer') ?? false;
  return [{ type: 'disableCluster', config: { ...config, remainingEnabled, preferLarger } }];
};

export const scaleDownCluster: Handler = (input) => {
  const { source } = input;
  const config = placeOf(source, input).config;
  const remainingFullSize = source.number('remainingFullSizeServerGroups') ?? 1;
  const preferLarger = source.flag('preferLargerOverNewer') ?? false;
  const allowActive = source.flag('allowScaleDownActive') ?? false;
  return [{ type: 'scaleDownCluster', config: { ...config, remainingFullSize, preferLarger, allowActive } }];
};

export const shrinkCluster: Handler = (input) => {
  const { source } = input;
  const config = placeOf(source, input).config;
  const shrinkTo = source.number('shrinkToSize') ?? 1;
  const preferLarger = source.flag('retainLargerOverNewer') ?? false;
  const allowActive = source.flag('allowDeleteActive') ?? false;
  source.needless('groups in traffic leave it before they go', 'runDisableClusterStep');
  return [{ type: 'shrinkCluster', config: { ...config, shrinkTo, preferLarger, allowActive } }];
};

export const rollbackCluster: Handler = (input) => {
  const { source } = input;
  const config = placeOf(source, input, {
    clusters: [source.text('serverGroup')?.replace(/-v\d{3,6}$/, '')],
  }).config;
  source.lose('All instances of the earlier group must be healthy.', 'targetHealthyRollbackPercentage');
  source.lose(
    'Which group it goes back to is decided here by what served before.',
    'additionalRollbackContext',
  );
  source.needless(HEALTH, 'interestingHealthProviderNames');
  const waitBetweenRegionsSeconds = source.number('waitTimeBetweenRegions');
  return [
    {
      type: 'rollbackCluster',
      config: {
        ...config,
        regionOrder: 'sequential',
        ...(waitBetweenRegionsSeconds ? { waitBetweenRegionsSeconds } : {}),
      },
    },
  ];
};
