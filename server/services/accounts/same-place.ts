import { and, eq, ne } from 'drizzle-orm';
import { accounts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { ProviderError } from '@/server/providers/provider';
import { findManifest } from '@/server/services/accounts/load-provider';
import type { Reader } from '@/server/services/shared/reader';

/** Whether two contexts lead to one place is worth a moment, and no more. */
const PATIENCE_MS = 8_000;

export interface GivenAccount {
  readonly name: string;
  readonly provider: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface SamePlaces {
  /** What another account shows already: everything there would be counted twice. */
  readonly same: readonly string[];
  /** Where it could not be told whether it does. */
  readonly unsure: readonly string[];
}

/** What accounts of the same platform have in common with this one, as sentences. */
export async function samePlaces(db: Reader, given: GivenAccount): Promise<SamePlaces> {
  const regions = regionsOf(given);
  if (regions.length === 0) return { same: [], unsure: [] };
  const others = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.provider, given.provider), ne(accounts.name, given.name)));
  const rivals = others
    .map((other) => ({ other, shared: regionsOf(other).filter((region) => regions.includes(region)) }))
    .filter(({ shared }) => shared.length > 0);
  if (rivals.length === 0) return { same: [], unsure: [] };
  const own = await identityOf(given);
  const same: string[] = [];
  const unsure: string[] = [];
  for (const { other, shared } of rivals) {
    const theirs = own === null ? null : await identityOf(other);
    const where = shared.join(', ');
    if (own === null || theirs === null)
      unsure.push(
        `The account "${other.name}" has ${where}, too. Whether that is the same place could not be told; if it is, everything there is counted twice.`,
      );
    else if (own === theirs)
      same.push(
        `The account "${other.name}" shows ${where} of the same place already, and everything there would be counted twice. Take ${where} out of one of the two.`,
      );
  }
  return { same, unsure };
}

/** @throws AppError `conflict` for what another account shows already. @returns what could not be told. */
export async function requireOwnPlace(db: Reader, given: GivenAccount): Promise<readonly string[]> {
  const { same, unsure } = await samePlaces(db, given);
  if (same.length > 0) throw new AppError('conflict', same.join(' '));
  return unsure;
}

function regionsOf({ provider, config }: Pick<GivenAccount, 'provider' | 'config'>): readonly string[] {
  const manifest = findManifest(provider);
  const parsed = manifest?.configSchema.safeParse(config);
  return parsed?.success ? (manifest?.regionsOf?.(parsed.data) ?? []) : [];
}

/** Null when the platform does not say, or cannot be asked. */
async function identityOf({ name, provider, config }: GivenAccount): Promise<string | null> {
  const manifest = findManifest(provider);
  const parsed = manifest?.configSchema.safeParse(config);
  if (!manifest || !parsed?.success) return null;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const loaded = await manifest.load(name, parsed.data);
    return (await loaded.identity?.(limit)) ?? null;
  } catch (error) {
    if (error instanceof ProviderError || limit.aborted) return null;
    throw error;
  }
}
