import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, settingValue, take } from '@/cli/arguments';
import { Unreachable } from '@/cli/client';
import { addCheck, addRemove, put } from '@/cli/commands/resource';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { table } from '@/cli/output';

const EXAMPLE = 'account apply name=edge provider=kubernetes context=edge \'namespaces=["shop"]\'';
const EXAMPLES = [
  EXAMPLE,
  `account apply name=cloud provider=aws 'regions=[{"region":"eu-west-1","subnets":["subnet-0a1b","subnet-0c2d"]}]'`,
  `account apply name=functions provider=lambda 'regions=["eu-west-1"]' 'package={"bucket":"releases-{region}"}'`,
];
const HELP = `
Settings hold no credentials, only where they are. They replace those that the account had.
Each provider has its own: Settings > Accounts > Add an account in the browser names and explains them all; those of
Kubernetes are in KUBERNETES.md, too. Lists and objects are written as JSON.
Examples:
${EXAMPLES.map((one) => `  signalbox ${one}`).join('\n')}`;

const accountsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      account: z.string(),
      provider: z.string(),
      seenAt: z.string().nullable(),
      error: z.string().nullable(),
    }),
  ),
});
const checkSchema = z.looseObject({
  ok: z.boolean(),
  facts: z.array(z.string()),
  problems: z.array(z.string()),
});

/** `signalbox account`: the platforms that are watched and deployed to. */
export function addAccounts(program: Command): void {
  const account = program.command('account').description('The platforms that are watched and deployed to');
  addList(account);
  addApply(account);
  addCheck(
    { command: account, pathOf },
    { name: 'test', description: 'Ask the platform of an account', answer: checkSchema },
    (name, { facts, problems, ok }) =>
      [
        ...facts.map((fact) => `  ${fact}`),
        ...problems.map((problem) => `! ${problem}`),
        ok ? `${name} is well` : `${name} cannot do everything that it is for`,
      ].join('\n'),
  );
  addRemove(
    { command: account, pathOf },
    'Forget an account that nothing uses; on its platform nothing changes',
  );
}

function pathOf(name: string): string {
  return `/accounts/${encodeURIComponent(name)}`;
}

function addList(account: Command): void {
  account
    .command('list')
    .description('The accounts there are, and when each was last seen')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get('/accounts', accountsSchema);
      print(context, items, () =>
        table(
          ['name', 'provider', 'seen', 'trouble'],
          items.map((one) => [one.account, one.provider, one.seenAt ?? 'never', one.error ?? '']),
        ),
      );
    });
}

function addApply(account: Command): void {
  account
    .command('apply')
    .description('Add an account, or replace all settings of one; those that are not given are gone')
    .argument('<key=value...>', 'name, provider, and all its settings')
    .addHelpText('after', HELP)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', EXAMPLE);
      const provider = take(pairs, 'provider', EXAMPLE);
      const config = Object.fromEntries(
        [...pairs].map(([field, text]) => [field, accountSetting(field, text)]),
      );
      const context = contextOf(command);
      await put(context, pathOf(name), name, { provider, config }).catch((error: unknown) => {
        if (error instanceof Failure && !(error instanceof Unreachable))
          context.output.note('Examples: signalbox account apply --help');
        throw error;
      });
      context.output.note(`Ask whether everything is there: signalbox account test ${name}`);
    });
}

/** `namespaces=shop,tools` is as good as the JSON, whose quotes shells eat. */
function accountSetting(field: string, text: string): unknown {
  const value = settingValue(text);
  if (typeof value !== 'string') return value;
  if (field !== 'namespaces') return requireNoBrokenJson(field, value);
  return value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Templates such as `{name}:{version}` begin like an object and are none. */
function requireNoBrokenJson(field: string, text: string): string {
  if (!/^(\[|\{\s*("|\w+\s*:))/.test(text)) return text;
  throw new Failure(
    `${field}=… is a list or an object that is not valid JSON. Write names and texts in double quotes, and all of it in single quotes: signalbox account apply --help has examples.`,
    2,
  );
}
