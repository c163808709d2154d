import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { table } from '@/cli/output';

const EXAMPLE = 'token create name=ci scopes=read,execution.start expires=90';
const tokensSchema = z.looseObject({
  items: z.array(
    z.looseObject({ id: z.string(), name: z.string(), owner: z.string(), expiresAt: z.string().nullable() }),
  ),
});

/** `signalbox token` and `signalbox user` */
export function addPeople(program: Command): void {
  addTokens(program.command('token').description('API tokens'));
  program
    .command('user')
    .description('People')
    .command('reset-password')
    .description('Give someone a new password and end their sessions')
    .argument('<username>')
    .action(async (username: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const path = `/users/${encodeURIComponent(username)}/password`;
      const answer = await context.client.send('POST', path, {}, z.object({ password: z.string() }));
      print(context, answer, () => `The new password of ${username}: ${answer.password}`);
    });
}

function addTokens(token: Command): void {
  token
    .command('create')
    .description('Make a token; it is shown once')
    .argument('<key=value...>', 'name, scopes (separated by commas), expires (days)')
    .addHelpText('after', `\nExample: signalbox ${EXAMPLE}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const body = {
        name: take(pairs, 'name', EXAMPLE),
        scopes: take(pairs, 'scopes', EXAMPLE).split(','),
        expiresInDays: days(takeOptional(pairs, 'expires')),
      };
      requireNothingLeft(pairs, ['name', 'scopes', 'expires']);
      const context = contextOf(command);
      const answer = await context.client.send(
        'POST',
        '/tokens',
        body,
        z.object({ id: z.string(), token: z.string() }),
      );
      print(context, answer, () => answer.token);
    });
  token
    .command('list')
    .description('Your tokens')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get('/tokens', tokensSchema);
      print(context, items, () =>
        table(
          ['name', 'owner', 'expires', 'id'],
          items.map((one) => [one.name, one.owner, one.expiresAt ?? 'never', one.id]),
        ),
      );
    });
  token
    .command('revoke')
    .description('End a token')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.send(
        'DELETE',
        `/tokens/${encodeURIComponent(id)}`,
        {},
        z.looseObject({}),
      );
      print(context, answer, () => 'revoked');
    });
}

function days(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new Failure('expires=… must be a number of days.', 2);
}
