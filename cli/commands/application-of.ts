import { applicationsSchema, clustersSchema } from '@/cli/answers';
import type { CliContext } from '@/cli/context';
import { Failure } from '@/cli/failure';

/**
 * The application whose cluster it is. Names of applications may have dashes, as those of clusters do, so that only
 * the server knows where the one ends.
 * @param given by whoever knows it.
 */
export async function applicationOf(
  { client }: CliContext,
  cluster: string,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  const { items } = await client.get('/applications', applicationsSchema);
  const names = items.map((one) => one.name);
  const likely = names.filter((name) => cluster === name || cluster.startsWith(`${name}-`));
  const owners = await ownersAmong(client, likely, cluster);
  // What others keep is called as they like.
  if (likely.length === 0) owners.push(...(await ownersAmong(client, names, cluster)));
  const [owner] = owners;
  if (owners.length > 1)
    throw new Failure(
      `${owners.join(' and ')} both have a cluster "${cluster}": say which with --application.`,
      2,
    );
  // Where none has it, the server says which clusters there are.
  const named = owner ?? likely.toSorted((a, b) => b.length - a.length)[0];
  if (named === undefined)
    throw new Failure(`No application has a cluster "${cluster}". "signalbox status" lists them.`, 2);
  return named;
}

async function ownersAmong(
  client: CliContext['client'],
  applications: readonly string[],
  cluster: string,
): Promise<string[]> {
  const owners: string[] = [];
  for (const name of applications) {
    const { clusters } = await client.get(
      `/applications/${encodeURIComponent(name)}/clusters`,
      clustersSchema,
    );
    if (clusters.some((one) => one.name === cluster)) owners.push(name);
  }
  return owners;
}
