import type { Command } from 'commander';
import { z } from 'zod';
import { type CliContext, contextOf, print } from '@/cli/context';

/** What a command has many of, each with a name and a path: accounts, metrics sources. */
export interface Resource {
  readonly command: Command;
  readonly pathOf: (name: string) => string;
}

/** `remove <name>`. */
export function addRemove({ command: parent, pathOf }: Resource, description: string): void {
  parent
    .command('remove')
    .description(description)
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.send('DELETE', pathOf(name), {}, z.looseObject({}));
      print(context, answer, () => `${name} is removed`);
    });
}

/** A verb that asks whether all is well, and exits with 1 when it is not. */
export function addCheck<T extends { readonly ok: boolean }>(
  { command: parent, pathOf }: Resource,
  verb: { readonly name: string; readonly description: string; readonly answer: z.ZodType<T> },
  words: (name: string, answer: T) => string,
): void {
  parent
    .command(verb.name)
    .description(`${verb.description}; exits 0 when all is well and 1 when something is missing`)
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.send('POST', `${pathOf(name)}/check`, {}, verb.answer);
      print(context, answer, () => words(name, answer));
      process.exitCode = answer.ok ? 0 : 1;
    });
}

/** Writes it and says whether it is new. */
export async function put(context: CliContext, path: string, name: string, body: object): Promise<void> {
  const answer = await context.client.send(
    'PUT',
    path,
    body,
    z.looseObject({ created: z.boolean(), warnings: z.array(z.string()).default([]) }),
  );
  for (const warning of answer.warnings) context.output.note(warning);
  print(context, answer, () => `${name} is ${answer.created ? 'created' : 'changed'}`);
}
