import { AppError } from '@/server/domain/errors';

/** The refusal when a cluster stands in several accounts and nobody said in which. */
export function severalAccounts(cluster: string, accounts: readonly string[]): AppError {
  return new AppError(
    'bad_request',
    `Several accounts have a cluster "${cluster}". Say which, with account: ${accounts.join(', ')}.`,
    { accounts },
  );
}
