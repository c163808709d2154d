import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, take } from '@/cli/arguments';
import { applicationOf } from '@/cli/commands/application-of';
import { contextOf, print } from '@/cli/context';

interface Unpinning {
  readonly reason: string;
  readonly application?: string;
  readonly account?: string;
}

const done = z.looseObject({ ok: z.literal(true) });

/** What a rollback leaves behind and how it is taken away: `signalbox veto`, `unveto`, `unpin`. */
export function addHolds(program: Command): void {
  addVeto(program, 'veto', 'POST', 'Forbid deploying an artifact anywhere');
  addVeto(program, 'unveto', 'DELETE', 'Allow deploying a vetoed artifact again');
  program
    .command('unpin')
    .description('Free a pinned cluster for other versions')
    .argument('<cluster>', 'for example catalog-prod')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--application <name>', 'whose cluster it is, where its name does not tell')
    .option('--account <name>', 'which, when accounts have clusters of the same name')
    .action(async (cluster: string, options: Unpinning, command: Command) => {
      const { application: given, ...body } = options;
      const context = contextOf(command);
      const application = await applicationOf(context, cluster, given);
      const path = `/applications/${encodeURIComponent(application)}/clusters/${encodeURIComponent(cluster)}/pin`;
      print(context, await context.client.send('DELETE', path, body, done), () => `${cluster} is free`);
    });
}

function addVeto(program: Command, verb: 'veto' | 'unveto', method: 'POST' | 'DELETE', text: string): void {
  const example = `${verb} artifact=catalog version=1.2.0 --reason "…"`;
  program
    .command(verb)
    .description(text)
    .argument('<key=value...>', 'artifact and version')
    .requiredOption('--reason <text>', 'why; shown to whoever meets it')
    .addHelpText('after', `\nExample: signalbox ${example}`)
    .action(async (words: string[], { reason }: { reason: string }, command: Command) => {
      const pairs = readPairs(words);
      const artifact = take(pairs, 'artifact', example);
      const version = take(pairs, 'version', example);
      const context = contextOf(command);
      const path = `/artifacts/${encodeURIComponent(artifact)}/${encodeURIComponent(version)}/veto`;
      const answer = await context.client.send(method, path, { reason }, done);
      const result = verb === 'veto' ? 'is vetoed' : 'may be deployed again';
      print(context, answer, () => `${artifact} ${version} ${result}`);
    });
}
