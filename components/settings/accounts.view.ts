import { type Issue, issuesAt } from '@/components/editor/issues.view';
import { asSchema, fieldsOf } from '@/components/editor/schema.view';
import { accountNameSchema } from '@/server/domain/account-name';
import type { AccountSettings } from '@/server/domain/views/admin';
import type { AccountOverlap } from '@/server/domain/views/application';

/** An account while someone fills in its form. */
export interface AccountDraft {
  readonly name: string;
  readonly provider: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export function accountDraft(account: AccountSettings | null, provider: string): AccountDraft {
  return account ?? { name: '', provider, config: {} };
}

/** The draft on another platform: settings of one mean nothing to another. */
export function withProvider(draft: AccountDraft, provider: string): AccountDraft {
  return provider === draft.provider ? draft : { ...draft, provider, config: {} };
}

export function isAccountNameBad(name: string): boolean {
  return !accountNameSchema.safeParse(name).success;
}

/** Fields that must be there before it is worth asking. */
export function missingSettings({ config }: AccountDraft, configSchema: unknown): readonly string[] {
  return fieldsOf(asSchema(configSchema))
    .filter(({ required, name }) => required && isEmpty(config[name]))
    .map(({ name }) => name);
}

/**
 * The fields of the form that something is wrong with, each once, in the order of the form; and what is wrong with
 * none of them.
 */
export function wrongPlaces(issues: readonly Issue[], configSchema: unknown) {
  const paths = fieldsOf(asSchema(configSchema)).map(({ name }) => `config.${name}`);
  const at = new Map(paths.map((path) => [path, issuesAt(issues, path, 'within')]));
  const told = new Set([...at.values()].flat());
  return {
    fields: paths
      .filter((path) => (at.get(path) ?? []).length > 0)
      .map((path) => path.slice('config.'.length)),
    others: issues.filter((issue) => !told.has(issue)).map(({ message }) => message),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What is sent: a field that can only be true is left out when it is not. */
export function settingsOf({ config }: AccountDraft, configSchema: unknown): Record<string, unknown> {
  const switches = fieldsOf(asSchema(configSchema))
    .filter(({ schema }) => schema['const'] === true)
    .map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(config).filter(([name, value]) => !(value === false && switches.includes(name))),
  );
}

export interface OverlappingPair {
  readonly one: string;
  readonly other: string;
  readonly regions: readonly string[];
}

/** Each two accounts once, with all regions in which they show the same. */
export function overlappingPairs(overlaps: readonly AccountOverlap[]): readonly OverlappingPair[] {
  const pairs = new Map<string, OverlappingPair>();
  for (const { accounts, region } of overlaps) {
    const [one, other] = accounts;
    const key = accounts.join(' ');
    pairs.set(key, { one, other, regions: [...(pairs.get(key)?.regions ?? []), region] });
  }
  return [...pairs.values()];
}
