import type { Command } from 'commander';
import { startedSchema } from '@/cli/answers';
import { applicationOf } from '@/cli/commands/application-of';
import { begun } from '@/cli/commands/begun';
import { contextOf } from '@/cli/context';

interface Options {
  readonly reason: string;
  readonly application?: string;
  readonly account?: string;
  readonly wait?: boolean;
}

/** `signalbox rollback` */
export function addRollback(program: Command): void {
  program
    .command('rollback')
    .description('Give a cluster’s traffic back to its earlier version, pin that and veto the bad one')
    .argument('<cluster>', 'for example catalog-prod')
    .option(
      '--reason <text>',
      'why; shown to whoever meets the pin or the veto',
      'rolled back from the command line',
    )
    .option('--application <name>', 'whose cluster it is, where its name does not tell')
    .option('--account <name>', 'which, when accounts have clusters of the same name')
    .option('--wait', 'follow it to its end')
    .action(async (cluster: string, options: Options, command: Command) => {
      const context = contextOf(command);
      const application = await applicationOf(context, cluster, options.application);
      const path = `/applications/${encodeURIComponent(application)}/clusters/${encodeURIComponent(cluster)}/rollback`;
      const body = { reason: options.reason, account: options.account };
      const started = await context.client.send('POST', path, body, startedSchema);
      await begun(context, started, options);
    });
}
