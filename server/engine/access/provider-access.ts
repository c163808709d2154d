import { inArray } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { accounts } from '@/db/schema';
import type { Clock } from '@/server/domain/clock';
import { AppError } from '@/server/domain/errors';
import { type CallLimits, callPolicy } from '@/server/engine/access/call-policy';
import { guardedProvider } from '@/server/engine/access/guarded-provider';
import { gather } from '@/server/engine/group-commit/gather';
import type { Provider, ProviderManifest } from '@/server/providers/provider';

const ASKED_AT_ONCE = 100;

export type ProviderCatalogue = Readonly<Record<string, ProviderManifest>>;

/** Gives the provider of an account, loaded once and kept under that account's limits. */
export type ProviderAccess = (account: string) => Promise<Provider>;

interface Loaded {
  /** Platform and configuration as they were; another one is another provider. */
  readonly identity: string;
  readonly provider: Promise<Provider>;
}

export interface ProviderAccessOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly catalogue: ProviderCatalogue;
  readonly limits?: CallLimits;
}

/** @returns access that throws AppError for an account that is unknown or wrongly configured. */
export function providerAccess(options: ProviderAccessOptions): ProviderAccess {
  const loaded = new Map<string, Loaded>();
  // Read each time, because an account may have changed; but thousands of stages that look ask together.
  const readAccount = gather((names: readonly string[]) => readAccounts(options.db, names), ASKED_AT_ONCE);
  return async (account) => {
    const row = await readAccount(account);
    if (!row) throw new AppError('not_found', `There is no account "${account}".`);
    const identity = JSON.stringify([row.provider, row.config]);
    const known = loaded.get(account);
    if (known?.identity === identity) return known.provider;
    const provider = load(options, account, row.provider, row.config);
    loaded.set(account, { identity, provider });
    // A failed load must not be remembered: the next call tries again.
    provider.catch(() => loaded.delete(account));
    return provider;
  };
}

async function readAccounts(db: Database, names: readonly string[]) {
  const rows = await db
    .select()
    .from(accounts)
    .where(inArray(accounts.name, [...new Set(names)]));
  const found = new Map(rows.map((row) => [row.name, row]));
  return names.map((name) => found.get(name));
}

async function load(
  { catalogue, clock, limits }: ProviderAccessOptions,
  account: string,
  kind: string,
  given: unknown,
): Promise<Provider> {
  const manifest = catalogue[kind];
  if (!manifest)
    throw new AppError('unprocessable', `Account "${account}" is on "${kind}", which is not supported.`);
  const config = manifest.configSchema.safeParse(given);
  if (!config.success) {
    const issue = config.error.issues[0];
    const where = issue?.path.join('.') || 'config';
    throw new AppError(
      'unprocessable',
      `Account "${account}" is wrongly configured: ${where}: ${issue?.message}.`,
    );
  }
  return guardedProvider(await manifest.load(account, config.data), callPolicy(account, clock, limits));
}
