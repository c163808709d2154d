import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { addCanaryAnalyze } from '@/cli/commands/canary-analyze';
import { addCanaryReport } from '@/cli/commands/canary-report';
import { contextOf, print } from '@/cli/context';
import { readJson } from '@/cli/files';
import { table } from '@/cli/output';

const APPLY_EXAMPLE = 'canary apply golden.json application=catalog name=golden source=local';
const IMPORT_EXAMPLE = 'canary import kayenta.json application=catalog source=prometheus';
const NAMED_EXAMPLE = 'canary export application=catalog name=golden';

const documentSchema = z.looseObject({ name: z.string() });
const savedSchema = z.looseObject({ name: z.string(), revision: z.number(), changed: z.boolean() });
const configsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      name: z.string(),
      source: z.string(),
      judge: z.string(),
      metrics: z.number(),
      usedBy: z.array(z.string()),
      revision: z.number(),
    }),
  ),
});
const importedSchema = z.looseObject({
  name: z.string(),
  notes: z.array(z.string()),
  written: z.looseObject({ revision: z.number() }).nullable(),
});

/** `signalbox canary`: what canaries are judged by, and how they were judged. */
export function addCanary(program: Command): void {
  const canary = program
    .command('canary')
    .description('What canaries are judged by, and how they were judged');
  addList(canary);
  addNamed(canary, 'get', 'Print a canary configuration with what is known about it', '');
  addNamed(canary, 'export', 'Print a canary configuration as Kayenta’s JSON', '/kayenta');
  addApply(canary);
  addImport(canary);
  addRemove(canary);
  addCanaryAnalyze(canary);
  addCanaryReport(canary);
}

function pathOf(application: string, name?: string): string {
  const path = `/applications/${encodeURIComponent(application)}/canary-configs`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

function addList(canary: Command): void {
  canary
    .command('list')
    .description('The canary configurations of an application')
    .argument('<key=value...>', 'application')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', 'canary list application=catalog');
      requireNothingLeft(pairs, ['application']);
      const context = contextOf(command);
      const { items } = await context.client.get(pathOf(application), configsSchema);
      print(context, items, () =>
        table(
          ['name', 'source', 'judge', 'metrics', 'revision', 'pipelines'],
          items.map((one) => [
            one.name,
            one.source,
            one.judge,
            String(one.metrics),
            String(one.revision),
            one.usedBy.join(', ') || '-',
          ]),
        ),
      );
    });
}

function addNamed(canary: Command, verb: string, description: string, suffix: string): void {
  canary
    .command(verb)
    .description(description)
    .argument('<key=value...>', 'application, name')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { application, name } = readNamed(words);
      const { client, output } = contextOf(command);
      const answer = await client.get(`${pathOf(application, name)}${suffix}`, z.looseObject({}));
      output.line(JSON.stringify(answer, null, 2));
    });
}

function readNamed(words: readonly string[]): { application: string; name: string } {
  const pairs = readPairs(words);
  const application = take(pairs, 'application', NAMED_EXAMPLE);
  const name = take(pairs, 'name', NAMED_EXAMPLE);
  requireNothingLeft(pairs, ['application', 'name']);
  return { application, name };
}

function addApply(canary: Command): void {
  canary
    .command('apply')
    .description('Add the canary configuration in a JSON file to an application, or replace it')
    .argument('<file>')
    .argument('<key=value...>', 'application, name, source')
    .addHelpText('after', `\nExample: signalbox ${APPLY_EXAMPLE}`)
    .action(async (file: string, words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', APPLY_EXAMPLE);
      const name = take(pairs, 'name', APPLY_EXAMPLE);
      const source = take(pairs, 'source', APPLY_EXAMPLE);
      requireNothingLeft(pairs, ['application', 'name', 'source']);
      const config = await readJson(file, documentSchema);
      const context = contextOf(command);
      const body = { source, config };
      const answer = await context.client.send('PUT', pathOf(application, name), body, savedSchema);
      print(context, answer, () => `${name} is at revision ${answer.revision}`);
    });
}

function addImport(canary: Command): void {
  canary
    .command('import')
    .description('Bring in a canary configuration of Kayenta')
    .argument('<file>')
    .argument('<key=value...>', 'application, source, and a name of its own')
    .option('--dry-run', 'only say what would become of it')
    .addHelpText('after', `\nExample: signalbox ${IMPORT_EXAMPLE}`)
    .action(async (file: string, words: string[], options: { dryRun?: boolean }, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', IMPORT_EXAMPLE);
      const source = take(pairs, 'source', IMPORT_EXAMPLE);
      const name = takeOptional(pairs, 'name');
      requireNothingLeft(pairs, ['application', 'source', 'name']);
      const document = await readJson(file, documentSchema);
      const context = contextOf(command);
      const body = { source, name, document, dryRun: options.dryRun ?? false };
      const path = `${pathOf(application)}/import-kayenta`;
      const answer = await context.client.send('POST', path, body, importedSchema);
      print(context, answer, () =>
        [
          ...answer.notes,
          answer.written
            ? `${answer.name} is at revision ${answer.written.revision}`
            : `It would be named ${answer.name}. Nothing was written.`,
        ].join('\n'),
      );
    });
}

function addRemove(canary: Command): void {
  canary
    .command('remove')
    .description('Take a canary configuration away that no pipeline names')
    .argument('<key=value...>', 'application, name')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { application, name } = readNamed(words);
      const context = contextOf(command);
      const answer = await context.client.send('DELETE', pathOf(application, name), {}, z.looseObject({}));
      print(context, answer, () => `${application}/${name} is removed`);
    });
}
