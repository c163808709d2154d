import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { readJson } from '@/cli/files';
import { table } from '@/cli/output';
import { freezeSchema, TOGGLE_EVENTS, toggleNotificationSchema } from '@/server/domain/toggle-environments';

const ENVIRONMENT_EXAMPLE = 'toggle environment apply name=prod order=2 review=true';
const FREEZE_EXAMPLE =
  'toggle environment freeze prod from=2026-12-20T00:00:00Z until=2027-01-03T00:00:00Z reason="holidays"';
const KEY_EXAMPLE = 'toggle key create name=catalog environment=prod kind=server';
const environmentsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      name: z.string(),
      order: z.number(),
      requiresReview: z.boolean(),
      freezes: z.array(freezeSchema),
      notifications: z.array(toggleNotificationSchema),
      toggles: z.number(),
      clientKeys: z.number(),
    }),
  ),
});
const keysSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      environment: z.string(),
      kind: z.string(),
      prefix: z.string(),
      lastUsedAt: z.string().nullable(),
    }),
  ),
});
const segmentsSchema = z.looseObject({
  items: z.array(z.looseObject({ key: z.string(), name: z.string(), usedBy: z.array(z.string()) })),
});
const anything = z.looseObject({});

/** What toggles share: environments, client keys and segments. */
export function addToggleSettings(toggle: Command): void {
  addEnvironments(toggle);
  addKeys(toggle);
  addSegments(toggle);
}

function addEnvironments(toggle: Command): void {
  const environment = toggle.command('environment').description('Where toggles are switched apart');
  environment.command('list').action(async (_options: unknown, command: Command) => {
    const context = contextOf(command);
    const { items } = await context.client.get('/toggle-environments', environmentsSchema);
    print(context, items, () =>
      table(
        ['name', 'order', 'review', 'frozen', 'told', 'toggles', 'client keys'],
        items.map((one) => [
          one.name,
          String(one.order),
          one.requiresReview ? 'demanded' : '-',
          one.freezes.map(({ from, until }) => `${from}/${until}`).join(', ') || '-',
          one.notifications.map(({ endpoint }) => endpoint).join(', ') || '-',
          String(one.toggles),
          String(one.clientKeys),
        ]),
      ),
    );
  });
  environment
    .command('apply')
    .description('Add an environment or change it; what is left out stays')
    .argument('<key=value...>', 'name, order, review')
    .addHelpText('after', `\nExample: signalbox ${ENVIRONMENT_EXAMPLE}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', ENVIRONMENT_EXAMPLE);
      const order = takeOptional(pairs, 'order');
      const review = takeOptional(pairs, 'review');
      requireNothingLeft(pairs, ['name', 'order', 'review']);
      if (review !== undefined && !/^(true|false)$/.test(review))
        throw new Failure('review=… is true or false.', 2);
      const context = contextOf(command);
      const body = {
        ...(order === undefined ? {} : { order: Number(order) }),
        ...(review === undefined ? {} : { requiresReview: review === 'true' }),
      };
      const path = `/toggle-environments/${encodeURIComponent(name)}`;
      const answer = await context.client.send('PUT', path, body, z.looseObject({ created: z.boolean() }));
      print(context, answer, () => `${name} is ${answer.created ? 'created' : 'changed'}`);
    });
  addEnvironmentRules(environment);
}

function addEnvironmentRules(environment: Command): void {
  environment
    .command('freeze')
    .description('Let only the kill switch work for a time')
    .argument('<environment>')
    .argument('<key=value...>', 'from, until (times with their offset from UTC), reason')
    .addHelpText('after', `\nExample: signalbox ${FREEZE_EXAMPLE}`)
    .action(async (name: string, words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const [from, until, reason] = ['from', 'until', 'reason'].map((key) =>
        take(pairs, key, FREEZE_EXAMPLE),
      );
      requireNothingLeft(pairs, ['from', 'until', 'reason']);
      const context = contextOf(command);
      const { freezes } = await findEnvironment(context, name);
      await changeEnvironment(context, name, { freezes: [...freezes, { from, until, reason }] });
      print(context, { name, from, until, reason }, () => `${name} is frozen from ${from} until ${until}`);
    });
  environment
    .command('thaw')
    .description('Lift all freezes')
    .argument('<environment>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      await changeEnvironment(context, name, { freezes: [] });
      print(context, { name, freezes: [] }, () => `${name} has no freeze any more`);
    });
  environment
    .command('tell')
    .description('Tell a notification endpoint of kills and of what was taken back; without events, no more')
    .argument('<environment>')
    .argument('<endpoint>')
    .argument('[events...]', TOGGLE_EVENTS.join(', '))
    .action(async (name: string, endpoint: string, events: string[], _options: unknown, command: Command) => {
      const context = contextOf(command);
      const { notifications } = await findEnvironment(context, name);
      const others = notifications.filter((one) => one.endpoint !== endpoint);
      const rules = events.length === 0 ? others : [...others, { endpoint, events }];
      await changeEnvironment(context, name, { notifications: rules });
      print(context, { name, notifications: rules }, () =>
        events.length === 0
          ? `${endpoint} is told nothing of ${name}`
          : `${endpoint} is told ${events.join(', ')} of ${name}`,
      );
    });
}

type Context = ReturnType<typeof contextOf>;

async function findEnvironment({ client }: Context, name: string) {
  const { items } = await client.get('/toggle-environments', environmentsSchema);
  const found = items.find((one) => one.name === name);
  if (found) return found;
  const names = items.map((one) => one.name).join(', ') || 'none';
  throw new Failure(`There is no environment "${name}" of toggles; there are ${names}.`, 2);
}

async function changeEnvironment({ client }: Context, name: string, body: object): Promise<void> {
  await client.send('PUT', `/toggle-environments/${encodeURIComponent(name)}`, body, anything);
}

function addKeys(toggle: Command): void {
  const key = toggle.command('key').description('Keys by which applications ask for toggles');
  key.command('list').action(async (_options: unknown, command: Command) => {
    const context = contextOf(command);
    const { items } = await context.client.get('/toggle-client-keys', keysSchema);
    print(context, items, () =>
      table(
        ['id', 'name', 'environment', 'kind', 'begins with', 'last used'],
        items.map((one) => [one.id, one.name, one.environment, one.kind, one.prefix, one.lastUsedAt ?? '-']),
      ),
    );
  });
  key
    .command('create')
    .description('Make a key; it is printed this once')
    .argument('<key=value...>', 'name, environment, kind (server or web)')
    .addHelpText('after', `\nExample: signalbox ${KEY_EXAMPLE}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', KEY_EXAMPLE);
      const environment = take(pairs, 'environment', KEY_EXAMPLE);
      const kind = takeOptional(pairs, 'kind');
      requireNothingLeft(pairs, ['name', 'environment', 'kind']);
      const context = contextOf(command);
      const body = { name, environment, kind };
      const answer = await context.client.send(
        'POST',
        '/toggle-client-keys',
        body,
        z.looseObject({ key: z.string() }),
      );
      print(context, answer, () => answer.key);
    });
  key
    .command('revoke')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const path = `/toggle-client-keys/${encodeURIComponent(id)}`;
      const answer = await context.client.send('DELETE', path, {}, anything);
      print(context, answer, () => 'The key is revoked');
    });
}

function addSegments(toggle: Command): void {
  const segment = toggle.command('segment').description('Conditions with a name, used by any toggle');
  segment.command('list').action(async (_options: unknown, command: Command) => {
    const context = contextOf(command);
    const { items } = await context.client.get('/toggle-segments', segmentsSchema);
    print(context, items, () =>
      table(
        ['key', 'name', 'used by'],
        items.map((one) => [one.key, one.name, one.usedBy.join(', ') || '-']),
      ),
    );
  });
  segment
    .command('apply')
    .description('Add a segment or change it, by a JSON file with "name" and "condition" or "conditions"')
    .argument('<key>')
    .argument('<file>')
    .action(async (key: string, file: string, _options: unknown, command: Command) => {
      const body = await readJson(file, anything);
      const context = contextOf(command);
      const path = `/toggle-segments/${encodeURIComponent(key)}`;
      const answer = await context.client.send('PUT', path, body, z.looseObject({ revision: z.number() }));
      print(context, answer, () => `${key} is at revision ${answer.revision}`);
    });
  segment
    .command('remove')
    .argument('<key>')
    .action(async (key: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const path = `/toggle-segments/${encodeURIComponent(key)}`;
      const answer = await context.client.send('DELETE', path, {}, anything);
      print(context, answer, () => `${key} is removed`);
    });
}
