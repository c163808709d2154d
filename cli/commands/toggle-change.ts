import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { outcomeSchema, outcomeWords, togglePath } from '@/cli/commands/toggle-path';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { readJson } from '@/cli/files';

const CREATE_EXAMPLE =
  'toggle create key=price-badge name="Badge on the cheapest product" application=catalog';
const createdSchema = z.looseObject({ key: z.string() });
const killedSchema = z.looseObject({
  killed: z.array(z.looseObject({ environment: z.string(), changeId: z.string() })),
});
const previewSchema = z.looseObject({
  evaluation: z.looseObject({ value: z.unknown(), variant: z.string().optional() }),
  summary: z.string(),
});
const anything = z.looseObject({});

interface Reason {
  readonly reason?: string;
}

/** What changes a toggle, and what would come of it. */
export function addToggleChanges(toggle: Command): void {
  addCreate(toggle);
  for (const on of [true, false]) addSwitch(toggle, on);
  addDefine(toggle);
  addKill(toggle);
  addUndo(toggle);
  for (const verb of ['archive', 'restore'] as const) addLife(toggle, verb);
  addTry(toggle);
}

function addCreate(toggle: Command): void {
  toggle
    .command('create')
    .description('Add a toggle, switched off in every environment')
    .argument('<key=value...>', 'key, name, application, kind, owner, description, tags, expiresAt, variants')
    .addHelpText(
      'after',
      `\nvariants is JSON, {"on":true,"off":false} when left out.\nExample: signalbox ${CREATE_EXAMPLE}`,
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const key = take(pairs, 'key', CREATE_EXAMPLE);
      const name = take(pairs, 'name', CREATE_EXAMPLE);
      const variants = jsonOf('variants', takeOptional(pairs, 'variants') ?? '{"on":true,"off":false}');
      const tags = takeOptional(pairs, 'tags')?.split(',');
      const texts = ['application', 'kind', 'owner', 'description', 'expiresAt'];
      const rest = Object.fromEntries(texts.map((field) => [field, takeOptional(pairs, field)]));
      requireNothingLeft(pairs, ['key', 'name', 'variants', 'tags', ...texts]);
      const context = contextOf(command);
      const body = { key, name, variants, tags, ...rest };
      const answer = await context.client.send('POST', '/toggles', body, createdSchema);
      print(context, answer, () => `${key} is there, switched off everywhere`);
    });
}

function addSwitch(toggle: Command, on: boolean): void {
  const word = on ? 'on' : 'off';
  toggle
    .command(word)
    .description(`Switch a toggle ${word} in an environment`)
    .argument('<key>')
    .argument('<environment>')
    .option('--reason <text>', 'why; kept in its history')
    .action(async (key: string, environment: string, { reason }: Reason, command: Command) => {
      const context = contextOf(command);
      const path = `${togglePath(key, environment)}/switch`;
      const answer = await context.client.send('POST', path, { on, reason }, outcomeSchema);
      print(context, answer, () => outcomeWords(`${key} is ${word} in ${environment}`, answer));
    });
}

function addDefine(toggle: Command): void {
  toggle
    .command('define')
    .description('Say how a toggle stands in an environment, by a JSON file with "definition" or "rules"')
    .argument('<key>')
    .argument('<environment>')
    .argument('<file>')
    .option('--reason <text>', 'why; kept in its history')
    .option('--moves-people', 'also when people lose a variant whose share does not shrink')
    .action(
      async (
        key: string,
        environment: string,
        file: string,
        { reason, movesPeople }: Reason & { readonly movesPeople?: boolean },
        command: Command,
      ) => {
        const body = {
          ...(await readJson(file, anything)),
          ...(reason ? { reason } : {}),
          ...(movesPeople ? { movesPeople } : {}),
        };
        const context = contextOf(command);
        const answer = await context.client.send('PUT', togglePath(key, environment), body, outcomeSchema);
        print(context, answer, () => outcomeWords(`${key} in ${environment} is as in ${file}`, answer));
      },
    );
}

function addKill(toggle: Command): void {
  toggle
    .command('kill')
    .description('Switch a toggle off at once, everywhere or in one environment, review or not')
    .argument('<key>')
    .argument('[environment]')
    .requiredOption('--reason <text>', 'why; for those who wonder later')
    .action(async (key: string, environment: string | undefined, { reason }: Reason, command: Command) => {
      const context = contextOf(command);
      const body = { environment, reason };
      const answer = await context.client.send('POST', `${togglePath(key)}/kill`, body, killedSchema);
      const places = answer.killed.map((one) => `${one.environment} (change ${one.changeId})`).join(', ');
      print(context, answer, () =>
        places === ''
          ? `${key} was off already; nothing that was planned or begun before switches it on`
          : `${key} is off in ${places}`,
      );
    });
}

function addUndo(toggle: Command): void {
  toggle
    .command('undo')
    .description('Take a change back, by its id in the history')
    .argument('<change>')
    .option('--reason <text>', 'why; kept in its history')
    .action(async (change: string, { reason }: Reason, command: Command) => {
      const context = contextOf(command);
      const path = `/toggle-changes/${encodeURIComponent(change)}/undo`;
      const answer = await context.client.send('POST', path, { reason }, outcomeSchema);
      print(context, answer, () => outcomeWords(`Change ${change} is taken back`, answer));
    });
}

function addLife(toggle: Command, verb: 'archive' | 'restore'): void {
  toggle
    .command(verb)
    .description(
      verb === 'archive'
        ? 'Serve a toggle nowhere any more; its history stays'
        : 'Serve an archived toggle again, as it stood',
    )
    .argument('<key>')
    .option('--reason <text>', 'why; kept in its history')
    .action(async (key: string, { reason }: Reason, command: Command) => {
      const context = contextOf(command);
      const path = `${togglePath(key)}/${verb}`;
      const answer = await context.client.send('POST', path, { reason }, outcomeSchema);
      print(context, answer, () => outcomeWords(`${key} is ${verb}d`, answer));
    });
}

function addTry(toggle: Command): void {
  toggle
    .command('try')
    .description('What somebody would get of a toggle, and why')
    .argument('<key>')
    .argument('<environment>')
    .argument('[attribute=value...]', 'who they are, such as targetingKey=user-1 plan=pro')
    .action(
      async (key: string, environment: string, words: string[], _options: unknown, command: Command) => {
        const context = contextOf(command);
        const attributes = Object.fromEntries(
          [...readPairs(words)].map(([name, text]) => [name, valueOf(name, text)]),
        );
        const path = `${togglePath(key, environment)}/preview`;
        const answer = await context.client.send('POST', path, { context: attributes }, previewSchema);
        print(
          context,
          answer,
          () => `${JSON.stringify(answer.evaluation.value) ?? 'the default in the code'}: ${answer.summary}`,
        );
      },
    );
}

/** Numbers, true and false are meant as such; a targeting key is always text. */
function valueOf(name: string, text: string): unknown {
  return name !== 'targetingKey' && /^(-?\d+(\.\d+)?|true|false)$/.test(text) ? JSON.parse(text) : text;
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${name}=… is not JSON.`, 2);
  }
}
