import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf, print } from '@/cli/context';

const refreshedSchema = z.looseObject({ lookedAt: z.string() });

interface Options {
  readonly application?: string;
  readonly account: string;
  readonly region: string;
}

/** `signalbox refresh` */
export function addRefresh(program: Command): void {
  program
    .command('refresh')
    .description('Have a cluster looked at now, where its platform is only looked at now and then (AWS)')
    .argument('<cluster>', 'for example catalog-prod')
    .requiredOption('--account <name>', 'where the cluster is')
    .requiredOption('--region <name>', 'where the cluster is')
    .option('--application <name>', 'what is before the first hyphen of the cluster when absent')
    .action(async (cluster: string, options: Options, command: Command) => {
      const context = contextOf(command);
      const application = options.application ?? cluster.split('-')[0] ?? cluster;
      const path = `/applications/${encodeURIComponent(application)}/clusters/${encodeURIComponent(cluster)}/refresh`;
      const body = { account: options.account, region: options.region };
      const answer = await context.client.send('POST', path, body, refreshedSchema);
      print(context, answer, () => `${cluster} was looked at in ${options.account} ${options.region}`);
    });
}
