import type { Command } from 'commander';
import { applicationsSchema, type Clusters, clustersSchema, executionsSchema } from '@/cli/answers';
import { readPairs, requireNothingLeft, takeOptional } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { table } from '@/cli/output';

/** `signalbox status` and `signalbox executions` */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('What runs where, and how well')
    .argument('[application]', 'all of them when absent')
    .action(async (application: string | undefined, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const names = application
        ? [application]
        : (await context.client.get('/applications', applicationsSchema)).items.map((one) => one.name);
      const views: Clusters[] = [];
      for (const name of names) {
        views.push(
          await context.client.get(`/applications/${encodeURIComponent(name)}/clusters`, clustersSchema),
        );
      }
      print(context, application ? views[0] : views, () => statusTable(views));
    });
  program
    .command('executions')
    .description('The latest executions')
    .argument('[key=value...]', 'application, environment, pipeline')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const known = ['application', 'environment', 'pipeline'];
      const query = new URLSearchParams();
      for (const key of known) {
        const value = takeOptional(pairs, key);
        if (value) query.set(key, value);
      }
      requireNothingLeft(pairs, known);
      const context = contextOf(command);
      const { items } = await context.client.get(`/executions?${query.toString()}`, executionsSchema);
      print(context, items, () =>
        table(
          ['started', 'application', 'pipeline', 'environment', 'version', 'status', 'by', 'id'],
          items.map((one) => [
            one.createdAt,
            one.application,
            one.pipeline,
            one.environment ?? '',
            one.version ?? '',
            one.waitingForPerson ? 'waits for a person' : one.status,
            one.trigger.by,
            one.id,
          ]),
        ),
      );
    });
}

type Group = Clusters['clusters'][number]['regions'][number]['serverGroups'][number];

type Region = Clusters['clusters'][number]['regions'][number];

/** A row per cluster and region, and below it what keeps requests from coming. */
export function statusTable(views: readonly Clusters[]): string {
  const shown = views.flatMap((view) =>
    view.clusters.flatMap((cluster) =>
      cluster.regions.map((region) => ({ cells: cellsOf(view, cluster, region), notes: notesOf(region) })),
    ),
  );
  if (shown.length === 0) return 'Nothing runs yet.';
  const [head, ...lines] = table(
    ['application', 'environment', 'cluster', 'account', 'region', 'version', 'healthy', 'pinned', 'url'],
    shown.map(({ cells }) => cells),
  ).split('\n');
  return [head, ...lines.flatMap((line, index) => [line, ...(shown[index]?.notes ?? [])])].join('\n');
}

function cellsOf(
  view: Clusters,
  cluster: Clusters['clusters'][number],
  { region, serverGroups, loadBalancers }: Region,
): string[] {
  const shown = serverGroups.filter(serves);
  return [
    view.application,
    cluster.environment ?? '–',
    cluster.name,
    accountOf(view, cluster.account),
    region,
    [...new Set(shown.map(versionOf))].join(', ') || '–',
    healthOf(shown),
    cluster.pin ? `${cluster.pin.version} by ${cluster.pin.by}` : '',
    loadBalancers.flatMap((one) => one.url ?? []).join(' '),
  ];
}

/** In the platform's words, each once: groups behind one load balancer suffer from the same. */
function notesOf({ serverGroups, loadBalancers }: Region): string[] {
  const said = [
    ...loadBalancers.flatMap(({ problem }) => problem ?? []),
    ...serverGroups.flatMap(({ unreached }) => unreached ?? []),
  ];
  return [...new Set(said)].map((text) => `  ! ${text.replaceAll('\n', ' ')}`);
}

/** How many instances are healthy of all; of functions, which have none, whether they can be called. */
function healthOf(groups: readonly Group[]): string {
  const states = new Set(groups.flatMap(({ serverless }) => serverless?.state ?? []));
  const instances = groups.flatMap((group) => (group.serverless ? [] : group.instances));
  const healthy = instances.filter(({ health }) => health === 'healthy').length;
  const counted = states.size === 0 || instances.length > 0 ? [`${healthy}/${instances.length}`] : [];
  return [...counted, ...states].join(', ');
}

/** What others made may work without any load balancer. */
function serves({ traffic, managedBy, instances }: Group): boolean {
  return traffic > 0 || (managedBy !== undefined && instances.length > 0);
}

function versionOf({ artifact, traffic, managedBy }: Group): string {
  const share = traffic > 0 ? ` ${Math.round(traffic * 100)}%` : '';
  return `${artifact.version}${share}${managedBy ? ` (${managedBy.kind})` : ''}`;
}

/** With the time when it was last seen, where what is shown may be out of date. */
function accountOf({ accounts }: Clusters, account: string): string {
  const found = accounts.find((one) => one.account === account);
  if (found && found.error === null) return account;
  return found?.seenAt ? `${account} (last seen ${found.seenAt})` : `${account} (never seen)`;
}
