import { inArray } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { accounts } from '@/db/schema';
import type { ApplicationDefinition, EnvironmentDefinition } from '@/server/domain/pipeline';
import { clusterNameIssues } from '@/server/services/applications/cluster-names';
import { readNamable } from '@/server/services/pipelines/known';
import { type Issue, pipelineIssues } from '@/server/services/pipelines/validate';

/** What is wrong with an application's definition beyond its shape. */
export async function applicationIssues(
  tx: Transaction,
  definition: ApplicationDefinition,
): Promise<Issue[]> {
  const { environments, pipelines } = definition;
  const accountNames = environments.map((environment) => environment.account);
  const known =
    accountNames.length === 0
      ? []
      : await tx
          .select({ name: accounts.name, provider: accounts.provider })
          .from(accounts)
          .where(inArray(accounts.name, accountNames));
  const accountsThere = new Map(known.map((account) => [account.name, account.provider]));
  const names = environments.map((environment) => environment.name);
  const namable = await readNamable(tx, definition.name);
  const there = {
    application: definition.name,
    environments: names,
    pipelines: pipelines.map((pipeline) => pipeline.name),
    ...namable,
    canaryConfigs: [...namable.canaryConfigs, ...definition.canaryConfigs.map((config) => config.name)],
  };
  return [
    ...duplicateIssues('environments', names),
    ...duplicateIssues(
      'pipelines',
      pipelines.map((pipeline) => pipeline.name),
    ),
    ...environments.flatMap((environment, index) =>
      at(`environments.${index}`, environmentIssues(definition, environment, accountsThere)),
    ),
    ...clusterNameIssues(definition, accountsThere),
    ...sharedClusterIssues(definition),
    ...pipelines.flatMap((pipeline, index) => at(`pipelines.${index}`, pipelineIssues(pipeline, there))),
  ];
}

function environmentIssues(
  definition: ApplicationDefinition,
  environment: EnvironmentDefinition,
  accountsThere: ReadonlyMap<string, string>,
): Issue[] {
  const { account, pipeline, regions } = environment;
  const issues: Issue[] = [];
  if (!accountsThere.has(account))
    issues.push({ path: 'account', message: `there is no account "${account}"` });
  if (!definition.pipelines.some((one) => one.name === pipeline)) {
    issues.push({ path: 'pipeline', message: `the application has no pipeline "${pipeline}"` });
  }
  if (new Set(regions).size < regions.length)
    issues.push({ path: 'regions', message: 'a region is named twice' });
  return issues;
}

/** Two environments of one cluster would each count the other's server groups as its own. */
function sharedClusterIssues({ name, environments }: ApplicationDefinition): Issue[] {
  const seen = new Map<string, string>();
  return environments.flatMap((environment, index) => {
    const { account, name: own } = environment;
    const stack = environment.stack ?? own;
    const place = `${account} ${stack}`;
    const other = seen.get(place);
    if (other === undefined) seen.set(place, own);
    if (other === undefined || other === own) return [];
    const message = `would share the cluster ${name}-${stack} in the account ${account} with the environment "${other}"; give one of them another stack`;
    return [{ path: `environments.${index}.stack`, message }];
  });
}

function duplicateIssues(path: string, names: readonly string[]): Issue[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => ({ path, message: `"${name}" is there twice` }));
}

function at(prefix: string, issues: readonly Issue[]): Issue[] {
  return issues.map(({ path, message }) => ({ path: `${prefix}.${path}`, message }));
}
