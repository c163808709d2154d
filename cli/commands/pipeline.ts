import type { Command } from 'commander';
import { z } from 'zod';
import { startedSchema } from '@/cli/answers';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { begun } from '@/cli/commands/begun';
import { addPipelineImport } from '@/cli/commands/pipeline-import';
import { contextOf, print } from '@/cli/context';
import { readJson } from '@/cli/files';

const namedSchema = z.looseObject({ name: z.string() });
const EXPORT_EXAMPLE = 'pipeline export application=catalog name=deploy-prod';
const RUN_EXAMPLE = 'pipeline run application=catalog name=deploy-prod artifact=catalog version=1.1.0';

/** `signalbox pipeline` and `signalbox apply` */
export function addPipeline(program: Command): void {
  const pipeline = program.command('pipeline').description('Bring a pipeline in or out, or run one');
  addPipelineImport(pipeline);
  pipeline
    .command('export')
    .description('Print a pipeline as code; importing it again changes nothing')
    .argument('<key=value...>', 'application, name')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', EXPORT_EXAMPLE);
      const name = take(pairs, 'name', EXPORT_EXAMPLE);
      requireNothingLeft(pairs, ['application', 'name']);
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}/definition`;
      const definition = await context.client.get(path, namedSchema);
      context.output.line(JSON.stringify(definition, null, 2));
    });
  pipeline
    .command('remove')
    .description('Take a pipeline away; its executions stay to be read')
    .argument('<key=value...>', 'application, name')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const example = 'pipeline remove application=catalog name=promote';
      const application = take(pairs, 'application', example);
      const name = take(pairs, 'name', example);
      requireNothingLeft(pairs, ['application', 'name']);
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}`;
      const answer = await context.client.send('DELETE', path, {}, z.looseObject({}));
      print(context, answer, () => `${application}/${name} is removed`);
    });
  pipeline
    .command('run')
    .description('Start a pipeline; keys that are not listed are its parameters')
    .argument('<key=value...>', 'application, name, artifact, version, and parameters')
    .option('--wait', 'follow it to its end')
    .addHelpText('after', `\nExample: signalbox ${RUN_EXAMPLE}`)
    .action(async (words: string[], options: { wait?: boolean }, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', RUN_EXAMPLE);
      const name = take(pairs, 'name', RUN_EXAMPLE);
      const artifact = takeOptional(pairs, 'artifact');
      const artifacts = artifact ? [{ name: artifact, version: take(pairs, 'version', RUN_EXAMPLE) }] : [];
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}/executions`;
      const body = { parameters: Object.fromEntries(pairs), artifacts };
      await begun(context, await context.client.send('POST', path, body, startedSchema), options);
    });
  program
    .command('apply')
    .description('Make an application what a JSON file says')
    .argument('<file>')
    .action(async (file: string, _options: unknown, command: Command) => {
      const definition = await readJson(file, namedSchema);
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(definition.name)}`;
      const answer = await context.client.send(
        'PUT',
        path,
        definition,
        z.looseObject({ created: z.boolean() }),
      );
      print(context, answer, () => `${definition.name} is ${answer.created ? 'created' : 'updated'}`);
    });
}
