import type { Command } from 'commander';
import { startedSchema } from '@/cli/answers';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { begun } from '@/cli/commands/begun';
import { previewDeploy } from '@/cli/commands/deploy-preview';
import { contextOf } from '@/cli/context';

const EXAMPLE = 'deploy artifact=catalog environment=prod version=1.1.0 --wait';

interface Options {
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}

/** `signalbox deploy` */
export function addDeploy(program: Command): void {
  program
    .command('deploy')
    .description('Deploy a version of an artifact to an environment, through its pipeline')
    .argument('<key=value...>', 'artifact, environment, version, application (when several run the artifact)')
    .option('--wait', 'follow it to its end; exits 0 when it succeeded and 1 when it did not')
    .option(
      '--dry-run',
      'change nothing: show the steps and, where the platform can say so, what it would be given',
    )
    .addHelpText('after', `\nExample: signalbox ${EXAMPLE}`)
    .action(async (words: string[], options: Options, command: Command) => {
      const pairs = readPairs(words);
      const body = {
        artifact: take(pairs, 'artifact', EXAMPLE),
        environment: take(pairs, 'environment', EXAMPLE),
        version: take(pairs, 'version', EXAMPLE),
        application: takeOptional(pairs, 'application'),
      };
      requireNothingLeft(pairs, Object.keys(body));
      const context = contextOf(command);
      if (options.dryRun) return previewDeploy(context, body);
      await begun(context, await context.client.send('POST', '/deployments', body, startedSchema), options);
    });
}
