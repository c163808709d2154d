import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { accounts } from '@/db/schema';
import type { Clock } from '@/server/domain/clock';
import { AppError } from '@/server/domain/errors';
import { type CallLimits, callPolicy } from '@/server/engine/access/call-policy';
import { guardedProvider } from '@/server/engine/access/guarded-provider';
import type { Provider, ProviderManifest } from '@/server/providers/provider';

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
  return async (account) => {
    const [row] = await options.db.select().from(accounts).where(eq(accounts.name, account));
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
