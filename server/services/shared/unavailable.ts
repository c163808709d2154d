import { isDatabaseAway } from '@/db/errors';
import { AppError } from '@/server/domain/errors';

/** What to answer when the database is away; null for any other error. */
export function unavailable(error: unknown): AppError | null {
  if (!isDatabaseAway(error)) return null;
  return new AppError(
    'unavailable',
    'The database cannot be reached at the moment. Nothing was changed; try again in a minute.',
  );
}
