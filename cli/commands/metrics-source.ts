import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, settingValue, take } from '@/cli/arguments';
import { addCheck, addRemove, put } from '@/cli/commands/resource';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { table } from '@/cli/output';

const EXAMPLE =
  'metrics-source apply name=prometheus kind=prometheus url=https://prometheus.example tokenSecret=@token.txt';

const sourcesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.string(),
      config: z.record(z.string(), z.unknown()),
      secrets: z.array(z.string()),
      usedBy: z.number(),
    }),
  ),
});
const checkSchema = z.union([
  z.looseObject({ ok: z.literal(true), milliseconds: z.number() }),
  z.looseObject({ ok: z.literal(false), message: z.string() }),
]);

/** `signalbox metrics-source`: where measurements come from. */
export function addMetricsSources(program: Command): void {
  const source = program.command('metrics-source').description('Where measurements come from');
  addList(source);
  addApply(source);
  addCheck(
    { command: source, pathOf },
    { name: 'check', description: 'Ask a metrics source', answer: checkSchema },
    (name, answer) =>
      answer.ok ? `${name} answers (${answer.milliseconds} ms)` : `${name}: ${answer.message}`,
  );
  addRemove({ command: source, pathOf }, 'Take a metrics source away that nothing asks any more');
}

function pathOf(name: string): string {
  return `/metrics-sources/${encodeURIComponent(name)}`;
}

function addList(source: Command): void {
  source
    .command('list')
    .description('The metrics sources there are, without their secrets')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get('/metrics-sources', sourcesSchema);
      print(context, items, () =>
        table(
          ['name', 'kind', 'configurations', 'secrets', 'settings'],
          items.map((one) => [
            one.name,
            one.kind,
            String(one.usedBy),
            one.secrets.join(', ') || '-',
            Object.entries(one.config)
              .map(
                ([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
              )
              .join(' ') || '-',
          ]),
        ),
      );
    });
}

function addApply(source: Command): void {
  source
    .command('apply')
    .description('Add a metrics source or change it; keys that are not listed are its settings')
    .argument('<key=value...>', 'name, kind, and its settings')
    .addHelpText(
      'after',
      `\nA secret is read from a file (…Secret=@file, @/dev/stdin), for a command line can be seen by others. Left out it stays, …Secret= takes it away.\nExample: signalbox ${EXAMPLE}`,
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', EXAMPLE);
      const kind = take(pairs, 'kind', EXAMPLE);
      const body = { kind, ...(await settingsOf(pairs)) };
      const context = contextOf(command);
      await put(context, pathOf(name), name, body);
    });
}

async function settingsOf(pairs: ReadonlyMap<string, string>) {
  const config: Record<string, unknown> = {};
  const secrets: Record<string, string | null> = {};
  for (const [field, text] of pairs) {
    if (field.endsWith('Secret')) secrets[field] = text === '' ? null : await secretOf(field, text);
    else config[field] = settingValue(text);
  }
  return { config, secrets };
}

async function secretOf(field: string, text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  const content = await readFile(text.slice(1), 'utf8').catch(() => {
    throw new Failure(`${field}: ${text.slice(1)} cannot be read.`, 2);
  });
  return content.trim();
}
