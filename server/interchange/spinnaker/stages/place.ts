import { type EnvironmentOf, environmentFor } from '@/server/interchange/spinnaker/context';
import type { Source } from '@/server/interchange/spinnaker/source';
import type { StageInput } from '@/server/interchange/spinnaker/stages/handler';

/** How stages of the other product name a cluster, read into an environment and its regions. */

export interface Place {
  readonly environment: EnvironmentOf;
  readonly config: { readonly environment: string; readonly regions?: readonly string[] };
}

const OF_ACCOUNT = 'the environment knows its account and platform';

/** @param more names by which the cluster may be known, besides those in the usual fields. */
export function placeOf(
  source: Source,
  { target }: StageInput,
  more: {
    readonly clusters?: readonly (string | undefined)[];
    readonly namespaces?: readonly (string | undefined)[];
  } = {},
): Place {
  const account = source.text('credentials') ?? source.text('account');
  const moniker = source.child('moniker');
  const app = moniker?.text('app') ?? source.text('application');
  const stack = moniker?.text('stack') ?? source.text('stack');
  const detail = moniker?.text('detail') ?? source.text('freeFormDetails');
  moniker?.needless('the number is given anew', 'sequence');
  const named = source.text('cluster') ?? moniker?.text('cluster');
  const spelled = app
    ? [app, ...(stack || detail ? [stack ?? ''] : []), ...(detail ? [detail] : [])].join('-')
    : undefined;
  source.needless(
    OF_ACCOUNT,
    'account',
    'credentials',
    'cloudProvider',
    'cloudProviderType',
    'provider',
    'providerType',
  );
  const environment = environmentFor(target, {
    account,
    clusters: [...(more.clusters ?? []), named, spelled],
    namespaces: more.namespaces ?? [],
  });
  if (named && named !== environment.cluster)
    source.note(
      'info',
      'cluster',
      `${named} is ${environment.cluster} of the environment ${environment.name} here`,
    );
  const regions = regionsOf(source, environment);
  return { environment, config: { environment: environment.name, ...(regions ? { regions } : {}) } };
}

/** Only those that the environment has; all of it when none is told or none is there. */
function regionsOf(source: Source, environment: EnvironmentOf): readonly string[] | undefined {
  const zones = source.child('availabilityZones');
  const named = [
    ...(source.texts('regions') ?? []),
    ...Object.keys(zones?.json ?? {}),
    ...(source.text('region') ? [source.needText('region')] : []),
  ];
  zones?.needless('zones are up to the platform', ...Object.keys(zones.json));
  source.needless('regions are named as a whole', 'zones', 'namespaces', 'isFrigga', 'isEdit');
  if (named.length === 0) return undefined;
  const wanted = [...new Set(named)];
  const here = wanted.filter((region) => environment.regions.includes(region));
  const missing = wanted.filter((region) => !here.includes(region));
  if (missing.length > 0) {
    const where = here.length > 0 ? here.join(', ') : 'all regions of it';
    const text = `${missing.join(', ')} is not a region of the environment ${environment.name}; it works in ${where}.`;
    source.note('changed', 'regions', text);
  }
  if (here.length === 0) return undefined;
  return here.length === environment.regions.length ? undefined : here;
}
