import type { Command } from 'commander';
import { startedSchema } from '@/cli/answers';
import { applicationOf } from '@/cli/commands/application-of';
import { begun } from '@/cli/commands/begun';
import { type Delivered, rollbackEverywhere } from '@/cli/commands/rollback-everywhere';
import { contextOf } from '@/cli/context';
import { Failure } from '@/cli/failure';

interface Options {
  readonly reason: string;
  readonly application?: string;
  readonly account?: string;
  readonly execution?: string;
  readonly release?: string;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}

const USAGE =
  'Name a cluster, or --execution <id>, or --application <name> with --release <version>; --dry-run is for the latter two.';

/** `signalbox rollback` */
export function addRollback(program: Command): void {
  program
    .command('rollback')
    .description(
      'Give traffic back to the earlier version, pin that and veto the bad one: of a cluster, or of all environments',
    )
    .argument('[cluster]', 'for example catalog-prod')
    .option(
      '--reason <text>',
      'why; shown to whoever meets the pin or the veto',
      'rolled back from the command line',
    )
    .option('--application <name>', 'whose cluster it is, where its name does not tell')
    .option('--account <name>', 'which, when accounts have clusters of the same name')
    .option('--execution <id>', 'in place of a cluster: take back what this one delivered, everywhere')
    .option(
      '--release <version>',
      'in place of a cluster: take this version of --application back everywhere',
    )
    .option('--dry-run', 'with --execution or --release: say what would happen, and change nothing')
    .option('--wait', 'follow it to its end')
    .action(async (cluster: string | undefined, options: Options, command: Command) => {
      const context = contextOf(command);
      const delivered = deliveredOf(cluster, options);
      if (delivered) return rollbackEverywhere(context, delivered, options);
      if (cluster === undefined || options.dryRun) throw new Failure(USAGE, 2);
      const application = await applicationOf(context, cluster, options.application);
      const path = `/applications/${encodeURIComponent(application)}/clusters/${encodeURIComponent(cluster)}/rollback`;
      const body = { reason: options.reason, account: options.account };
      const started = await context.client.send('POST', path, body, startedSchema);
      await begun(context, started, options);
    });
}

/** Null when a cluster is meant. */
function deliveredOf(cluster: string | undefined, options: Options): Delivered | null {
  const { execution, release, application } = options;
  if (execution === undefined && release === undefined) return null;
  const named = [cluster, execution, release].filter((one) => one !== undefined);
  if (named.length > 1) throw new Failure(USAGE, 2);
  if (execution !== undefined) return { execution };
  if (release === undefined || application === undefined) throw new Failure(USAGE, 2);
  return { application, release };
}
