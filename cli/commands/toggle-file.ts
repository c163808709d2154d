import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { readJson } from '@/cli/files';

const IMPORT_EXAMPLE = 'toggle import flags.json environment=staging application=catalog';
const importSchema = z.looseObject({
  flags: z.array(z.looseObject({ key: z.string(), outcome: z.string(), notes: z.array(z.string()) })),
  segments: z.array(z.looseObject({ key: z.string(), outcome: z.string() })),
  notes: z.array(z.string()),
  isWritten: z.boolean(),
});
const exportSchema = z.looseObject({
  file: z.record(z.string(), z.unknown()),
  omitted: z.array(z.looseObject({ key: z.string(), fields: z.array(z.string()) })),
});

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly partial?: boolean;
}

/** Toggles as flagd files. */
export function addToggleFiles(toggle: Command): void {
  toggle
    .command('import')
    .description('Bring a flagd file into an environment')
    .argument('<file>')
    .argument(
      '<key=value...>',
      'environment, application; segments=replace|keep for segments that others use',
    )
    .option('--dry-run', 'only say what would become of it')
    .option('--partial', 'bring in what is right although other flags are refused')
    .addHelpText('after', `\nExample: signalbox ${IMPORT_EXAMPLE}`)
    .action(async (file: string, words: string[], options: ImportOptions, command: Command) => {
      const pairs = readPairs(words);
      const environment = take(pairs, 'environment', IMPORT_EXAMPLE);
      const application = takeOptional(pairs, 'application') ?? null;
      const segments = takeOptional(pairs, 'segments');
      requireNothingLeft(pairs, ['environment', 'application', 'segments']);
      const content = await readJson(file, z.record(z.string(), z.unknown()));
      const context = contextOf(command);
      const path = `/toggle-environments/${encodeURIComponent(environment)}/import`;
      const { dryRun = false, partial = false } = options;
      const body = { file: content, application, dryRun, partial, segments };
      const answer = await context.client.send('POST', path, body, importSchema);
      print(context, answer, () =>
        [
          ...answer.notes,
          ...answer.flags.map(({ key, outcome, notes }) => [`${key}: ${outcome}`, ...notes].join('. ')),
          ...answer.segments.map(({ key, outcome }) => `segment ${key}: ${outcome}`),
          ...(answer.isWritten ? [] : ['Nothing was written.']),
        ].join('\n'),
      );
      process.exitCode = answer.flags.some(({ outcome }) => outcome === 'refused') ? 1 : 0;
    });
  toggle
    .command('export')
    .description('Print an environment’s toggles as a flagd file')
    .argument('<environment>')
    .option('--served', 'as answered now, with prerequisites, schedules and versions worked in')
    .action(async (environment: string, { served }: { served?: boolean }, command: Command) => {
      const { client, output } = contextOf(command);
      const path = `/toggle-environments/${encodeURIComponent(environment)}/flagd`;
      const { file, omitted } = await client.get(
        `${path}?form=${served ? 'served' : 'written'}`,
        exportSchema,
      );
      for (const { key, fields } of omitted)
        output.note(`${key}: flagd has no words for ${fields.join(', ')}`);
      output.line(JSON.stringify(file, null, 2));
    });
}
