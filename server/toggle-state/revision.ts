import { AppError } from '@/server/domain/errors';

interface Kept {
  readonly revision: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/**
 * Tells the second of two people who change the same at once.
 * @param expected the revision that was looked at, 0 for none; undefined: whatever it is.
 * @throws AppError `conflict` that says who changed it when.
 */
export function requireRevision(what: string, expected: number | undefined, kept: Kept | null): void {
  if (expected === undefined || expected === (kept?.revision ?? 0)) return;
  if (!kept) {
    throw new AppError('conflict', `${what} was taken away meanwhile. Look at it again, then decide.`, {
      revision: 0,
    });
  }
  const { revision, updatedAt, updatedBy } = kept;
  throw new AppError(
    'conflict',
    `${what} was changed by ${updatedBy} at ${updatedAt.toISOString()}: it is at revision ${revision}, you looked at ${expected}. Look at it again, then decide.`,
    { revision, updatedBy, updatedAt: updatedAt.toISOString() },
  );
}
