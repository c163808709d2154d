import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf, print } from '@/cli/context';

const logSchema = z.looseObject({
  account: z.string(),
  region: z.string(),
  instance: z.string(),
  text: z.string(),
});

interface Options {
  readonly account?: string;
  readonly region?: string;
  readonly lines: string;
}

/** `signalbox logs` */
export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('The last lines that an instance wrote')
    .argument('<server group>', 'for example catalog-prod-v003')
    .argument('[instance]', 'its id; one that is not well when absent')
    .option('--account <name>', 'which, when several have such a server group')
    .option('--region <name>', 'which, when several have such a server group')
    .option('--lines <number>', 'how many', '200')
    .action(async (group: string, instance: string | undefined, options: Options, command: Command) => {
      const context = contextOf(command);
      const query = new URLSearchParams({
        lines: options.lines,
        ...(options.account ? { account: options.account } : {}),
        ...(options.region ? { region: options.region } : {}),
        ...(instance ? { instance } : {}),
      });
      const path = `/server-groups/${encodeURIComponent(group)}/log?${query.toString()}`;
      const log = await context.client.get(path, logSchema);
      context.output.note(`${log.instance} in ${log.account} ${log.region}`);
      if (!context.json && log.text.trim() === '') context.output.note('It has written nothing yet.');
      else print(context, log, () => log.text);
    });
}
