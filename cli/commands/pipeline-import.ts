import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { type CliContext, contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { readJson } from '@/cli/files';

const EXAMPLE = 'pipeline import deploy.json application=catalog';

const documentSchema = z.looseObject({ name: z.string().optional() });
type Document = z.infer<typeof documentSchema>;

const foreignSchema = z.looseObject({
  definition: z.looseObject({ name: z.string() }),
  report: z.array(
    z.looseObject({
      part: z.string(),
      ref: z.string(),
      name: z.string(),
      type: z.string(),
      outcome: z.string(),
      notes: z.array(z.looseObject({ level: z.string(), path: z.string(), text: z.string() })),
    }),
  ),
  written: z.looseObject({ revision: z.number() }).nullable(),
});
export type ForeignAnswer = z.infer<typeof foreignSchema>;

interface Options {
  readonly dryRun?: boolean;
  readonly map?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly endpoint?: readonly string[];
  readonly timeZone?: string;
}

/** `signalbox pipeline import` */
export function addPipelineImport(pipeline: Command): void {
  const several = (word: string, before: readonly string[] = []) => [...before, word];
  pipeline
    .command('import')
    .description('Add the pipeline in a JSON file to an application, or replace it; also one of Spinnaker')
    .argument('<file>')
    .argument('<key=value...>', 'application, and for a pipeline of Spinnaker a name of its own')
    .option('--dry-run', 'only say what would become of a pipeline of Spinnaker')
    .option('--map <there=here>', 'account, account/cluster or account/namespace = environment', several)
    .option('--pipeline <there=here>', 'id or name of a pipeline there = name here', several)
    .option('--endpoint <there=here>', 'receiver of a notification, type/address = endpoint here', several)
    .option('--time-zone <name>', 'in which the schedules of Spinnaker are meant')
    .addHelpText('after', `\nExample: signalbox ${EXAMPLE}`)
    .action(async (file: string, words: string[], options: Options, command: Command) => {
      const pairs = readPairs(words);
      const application = take(pairs, 'application', EXAMPLE);
      const name = takeOptional(pairs, 'name');
      requireNothingLeft(pairs, ['application', 'name']);
      const document = await readJson(file, documentSchema);
      const context = contextOf(command);
      const path = `/applications/${encodeURIComponent(application)}/pipelines`;
      const named = name === undefined ? document : { ...document, name };
      if (isSpinnaker(document)) await importForeign(context, `${path}/import`, named, options);
      else if (options.dryRun)
        throw new Failure(`${file} is no pipeline of Spinnaker; there is nothing to try.`, 2);
      else await importOwn(context, path, named);
    });
}

/** Keys that only pipelines of Spinnaker have. */
const THEIRS = [
  'parameterConfig',
  'expectedArtifacts',
  'limitConcurrent',
  'keepWaitingPipelines',
  'executionEngine',
  'spelEvaluator',
];

/** Known by its shape. */
export function isSpinnaker(document: Document): boolean {
  const { stages } = document;
  const keys = Array.isArray(stages)
    ? stages.flatMap((stage: unknown) => (typeof stage === 'object' && stage ? Object.keys(stage) : []))
    : [];
  return keys.includes('requisiteStageRefIds') || THEIRS.some((key) => Object.hasOwn(document, key));
}

async function importOwn(context: CliContext, path: string, definition: Document): Promise<void> {
  const { name } = definition;
  if (!name) throw new Failure('The pipeline has no name. Give it one with name=…', 2);
  const answer = await context.client.send(
    'PUT',
    `${path}/${encodeURIComponent(name)}`,
    definition,
    z.looseObject({ revision: z.number() }),
  );
  print(context, answer, () => `${name} is at revision ${answer.revision}`);
}

async function importForeign(
  context: CliContext,
  path: string,
  document: Document,
  options: Options,
): Promise<void> {
  const mapping = {
    environments: named(options.map),
    pipelines: named(options.pipeline),
    endpoints: named(options.endpoint),
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  };
  const body = { document, mapping, dryRun: options.dryRun ?? false };
  const answer = await context.client.send('POST', path, body, foreignSchema);
  print(context, answer, () => reportLines(answer).join('\n'));
}

function named(words: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(readPairs(words ?? []));
}

/** Part by part what became of it; what only says the same in other words is left out. */
export function reportLines({ definition, report, written }: ForeignAnswer): string[] {
  const lines = report.flatMap(({ part, ref, name, type, outcome, notes }) => [
    `${part} ${ref}${name === ref ? '' : ` "${name}"`}${type === part ? '' : ` (${type})`}: ${outcome}`,
    ...notes
      .filter(({ level }) => level !== 'info')
      .map(({ level, path, text }) => `    ${level}${path ? ` ${path}` : ''}: ${text}`),
  ]);
  const stages = report.filter(({ part }) => part === 'stage');
  const asked = stages.filter(({ outcome }) => outcome === 'no equivalent').length;
  return [
    ...lines,
    '',
    asked === 0
      ? `All ${stages.length} stages are taken over.`
      : `${asked} of ${stages.length} stages have no equivalent: a person is asked in their place.`,
    written ? `${definition.name} is at revision ${written.revision}` : 'Nothing was written.',
  ];
}
