import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { table } from '@/cli/output';

const SOURCE_EXAMPLE = 'webhook create name=github kind=github';
const TRIGGER_EXAMPLE = 'trigger off application=catalog pipeline=deploy-staging trigger=nightly';
const secretSchema = z.looseObject({ name: z.string(), secret: z.string() });
const sourcesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.string(),
      path: z.string(),
      lastDeliveryAt: z.string().nullable(),
    }),
  ),
});
const triggersSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      application: z.string(),
      pipeline: z.string(),
      key: z.string(),
      type: z.string(),
      enabled: z.boolean(),
      nextAt: z.string().nullable(),
      firedAt: z.string().nullable(),
      error: z.string().nullable(),
    }),
  ),
});

/** `signalbox webhook` and `signalbox trigger`: what starts pipelines by itself. */
export function addIntegrations(program: Command): void {
  addWebhooks(program.command('webhook').description('Doors for events from outside'));
  addTriggers(program.command('trigger').description('What starts pipelines by itself'));
}

function addWebhooks(webhook: Command): void {
  webhook
    .command('create')
    .description('Open a door for events; its secret is shown once')
    .argument('<key=value...>', 'name, kind (github, gitlab, standard, cloudevents, distribution)')
    .addHelpText('after', `\nExample: signalbox ${SOURCE_EXAMPLE}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const body = { name: take(pairs, 'name', SOURCE_EXAMPLE), kind: take(pairs, 'kind', SOURCE_EXAMPLE) };
      requireNothingLeft(pairs, ['name', 'kind']);
      const context = contextOf(command);
      const schema = secretSchema.extend({ path: z.string() });
      const answer = await context.client.send('POST', '/webhooks', body, schema);
      print(context, answer, () => `Send to ${answer.path}, signed with ${answer.secret}`);
    });
  webhook
    .command('list')
    .description('The doors there are, without their secrets')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get('/webhooks', sourcesSchema);
      print(context, items, () =>
        table(
          ['name', 'kind', 'path', 'last delivery'],
          items.map((one) => [one.name, one.kind, one.path, one.lastDeliveryAt ?? 'never']),
        ),
      );
    });
  addByName(webhook, 'rotate', 'Give a door a new secret; the one before stays valid until the next change');
  addByName(webhook, 'remove', 'Close a door');
}

function addByName(webhook: Command, verb: 'rotate' | 'remove', description: string): void {
  webhook
    .command(verb)
    .description(description)
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const path = `/webhooks/${encodeURIComponent(name)}`;
      if (verb === 'remove') {
        const answer = await context.client.send('DELETE', path, {}, z.looseObject({}));
        return print(context, answer, () => `${name} is closed`);
      }
      const answer = await context.client.send('POST', `${path}/rotate`, {}, secretSchema);
      return print(context, answer, () => answer.secret);
    });
}

function addTriggers(trigger: Command): void {
  trigger
    .command('list')
    .description('Triggers of pipelines: when next, when last, what went wrong')
    .argument('[key=value...]', 'application, pipeline')
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const query = new URLSearchParams();
      for (const key of ['application', 'pipeline']) {
        const value = takeOptional(pairs, key);
        if (value !== undefined) query.set(key, value);
      }
      requireNothingLeft(pairs, ['application', 'pipeline']);
      const context = contextOf(command);
      const { items } = await context.client.get(`/triggers?${query}`, triggersSchema);
      print(context, items, () =>
        table(
          ['pipeline', 'trigger', 'type', 'state', 'next', 'last', 'trouble'],
          items.map((one) => [
            `${one.application}/${one.pipeline}`,
            one.key,
            one.type,
            one.enabled ? 'on' : 'off',
            one.nextAt ?? '-',
            one.firedAt ?? 'never',
            one.error ?? '',
          ]),
        ),
      );
    });
  for (const [verb, enabled] of [
    ['on', true],
    ['off', false],
  ] as const) {
    trigger
      .command(verb)
      .description(`Turn a trigger ${verb}`)
      .argument('<key=value...>', 'application, pipeline, trigger')
      .addHelpText('after', `\nExample: signalbox ${TRIGGER_EXAMPLE}`)
      .action(async (words: string[], _options: unknown, command: Command) => {
        const pairs = readPairs(words);
        const [application, pipeline, key] = ['application', 'pipeline', 'trigger'].map((name) =>
          encodeURIComponent(take(pairs, name, TRIGGER_EXAMPLE)),
        );
        requireNothingLeft(pairs, ['application', 'pipeline', 'trigger']);
        const context = contextOf(command);
        const path = `/applications/${application}/pipelines/${pipeline}/triggers/${key}`;
        const answer = await context.client.send('POST', path, { enabled }, z.looseObject({}));
        print(context, answer, () => `${key} is ${verb}`);
      });
  }
}
