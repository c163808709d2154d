import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, takeOptional } from '@/cli/arguments';
import { addToggleChanges } from '@/cli/commands/toggle-change';
import { addToggleFiles } from '@/cli/commands/toggle-file';
import { togglePath } from '@/cli/commands/toggle-path';
import { addToggleRamps } from '@/cli/commands/toggle-ramp';
import { addToggleReviews } from '@/cli/commands/toggle-review';
import { addToggleSettings } from '@/cli/commands/toggle-settings';
import { contextOf, print } from '@/cli/context';
import { table } from '@/cli/output';

const placeSchema = z.looseObject({
  environment: z.string(),
  on: z.boolean(),
  sentence: z.string(),
  evaluations: z.number(),
});
const togglesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      key: z.string(),
      name: z.string(),
      kind: z.string(),
      environments: z.array(placeSchema),
      stale: z.array(z.looseObject({ sentence: z.string() })),
    }),
  ),
});
const toggleSchema = z.looseObject({
  key: z.string(),
  name: z.string(),
  environments: z.array(placeSchema),
});
const goalsSchema = z.looseObject({
  environments: z.array(
    z.looseObject({
      environment: z.string(),
      variants: z.array(
        z.looseObject({
          variant: z.string().nullable(),
          evaluations: z.number(),
          goals: z.array(z.looseObject({ goal: z.string(), count: z.number(), sum: z.number() })),
        }),
      ),
    }),
  ),
});
const historySchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      at: z.string(),
      by: z.string(),
      environment: z.string().nullable(),
      reason: z.string().nullable(),
      changes: z.array(z.string()),
    }),
  ),
});

/** `signalbox toggle`: which features are released where. */
export function addToggles(program: Command): void {
  const toggle = program.command('toggle').description('Which features are released where');
  addList(toggle);
  addGet(toggle);
  addHistory(toggle);
  addToggleChanges(toggle);
  addToggleRamps(toggle);
  addToggleFiles(toggle);
  addToggleReviews(toggle);
  addToggleSettings(toggle);
}

function addList(toggle: Command): void {
  toggle
    .command('list')
    .description('The toggles, and what each serves in every environment')
    .argument('[key=value...]', 'application, kind, tag, query')
    .option('--stale', 'only those that should be cleaned up, with the reasons')
    .action(async (words: string[], { stale }: { stale?: boolean }, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get(`/toggles?${queryOf(words, stale)}`, togglesSchema);
      print(context, items, () =>
        stale
          ? table(
              ['key', 'name', 'why'],
              items.map((one) => [one.key, one.name, one.stale.map(({ sentence }) => sentence).join(' ')]),
            )
          : table(
              ['key', 'kind', 'environment', 'switch', 'last 24 h', 'serves'],
              items.flatMap((one) =>
                one.environments.map((place) => [
                  one.key,
                  one.kind,
                  place.environment,
                  place.on ? 'on' : 'off',
                  String(place.evaluations),
                  place.sentence,
                ]),
              ),
            ),
      );
    });
}

function queryOf(words: readonly string[], stale: boolean | undefined): string {
  const known = ['application', 'kind', 'tag', 'query'];
  const pairs = readPairs(words);
  const query = new URLSearchParams(stale ? { stale: 'true' } : {});
  for (const name of known) {
    const value = takeOptional(pairs, name);
    if (value !== undefined) query.set(name, value);
  }
  requireNothingLeft(pairs, known);
  return query.toString();
}

function addGet(toggle: Command): void {
  toggle
    .command('get')
    .alias('show')
    .description(
      'Everything about a toggle, and what was tracked by variant; --json has its definitions and rules',
    )
    .argument('<key>')
    .action(async (key: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.get(togglePath(key), toggleSchema);
      const { environments: goals } = await context.client.get(`${togglePath(key)}/goals`, goalsSchema);
      print(context, { ...answer, goals }, () =>
        [
          `${answer.key}: ${answer.name}`,
          ...answer.environments.map(({ environment, on, sentence, evaluations }) =>
            [`${environment}: ${on ? 'on' : 'off'}.`, sentence, `Last 24 h: ${evaluations}.`].join(' '),
          ),
          ...goalLines(goals),
        ].join('\n'),
      );
    });
}

/** Nothing where nothing was tracked. */
function goalLines(environments: z.output<typeof goalsSchema>['environments']): string[] {
  const tracked = environments.flatMap(({ environment, variants }) =>
    variants.some(({ goals }) => goals.length > 0)
      ? variants.flatMap(({ variant, evaluations, goals }) => {
          const head = [environment, variant ?? 'default in the code', String(evaluations)];
          return goals.length === 0
            ? [[...head, '-', '0', '-']]
            : goals.map(({ goal, count, sum }) => [...head, goal, String(count), String(sum)]);
        })
      : [],
  );
  if (tracked.length === 0) return [];
  return [
    '',
    'Tracked in the last four weeks:',
    table(['environment', 'variant', 'served', 'goal', 'times', 'sum'], tracked),
  ];
}

function addHistory(toggle: Command): void {
  toggle
    .command('history')
    .description('Who changed a toggle, how and why, newest first')
    .argument('<key>')
    .action(async (key: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get(`${togglePath(key)}/history`, historySchema);
      print(context, items, () =>
        table(
          ['id', 'at', 'by', 'environment', 'change', 'reason'],
          items.map(({ id, at, by, environment, changes, reason }) => [
            id,
            at,
            by,
            environment ?? '-',
            changes.join('; '),
            reason ?? '',
          ]),
        ),
      );
    });
}
