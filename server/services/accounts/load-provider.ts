import type { accounts } from '@/db/schema';
import { AppError, type ErrorCode } from '@/server/domain/errors';
import {
  type Provider,
  ProviderError,
  type ProviderErrorCode,
  type ProviderManifest,
} from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';

const CODES: Readonly<Record<ProviderErrorCode, ErrorCode>> = {
  invalid: 'unprocessable',
  not_found: 'not_found',
  conflict: 'conflict',
  fenced: 'conflict',
  unauthorized: 'unavailable',
  rate_limited: 'unavailable',
  pending: 'unavailable',
  unavailable: 'unavailable',
};

export interface LoadedProvider {
  readonly provider: Provider;
  /** What a platform's refusal means to the caller; anything else comes back as it is. */
  readonly asAppError: (error: unknown) => unknown;
}

/**
 * The platform behind an account, for the few things that are not the engine's work.
 * @throws AppError `unprocessable` when the account's configuration does not fit.
 */
export async function loadProvider(account: typeof accounts.$inferSelect): Promise<LoadedProvider> {
  const manifest = findManifest(account.provider);
  const config = manifest?.configSchema.safeParse(account.config);
  if (!manifest || !config?.success) {
    throw new AppError(
      'unprocessable',
      `The account "${account.name}" is not configured rightly. Apply it again.`,
    );
  }
  return {
    provider: await manifest.load(account.name, config.data),
    asAppError: (error) =>
      error instanceof ProviderError
        ? new AppError(CODES[error.code], `${account.name}: ${error.message}`)
        : error,
  };
}

/** Null for a kind of platform that there is not. */
export function findManifest(kind: string): ProviderManifest | null {
  // Each manifest is handed only what its own schema has parsed, so forgetting its type is sound.
  const known = providers as unknown as Readonly<Record<string, ProviderManifest>>;
  return Object.hasOwn(known, kind) ? (known[kind] ?? null) : null;
}
