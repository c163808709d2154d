import { sqlStateOf } from '@/db/errors';
import { storableText } from '@/server/domain/storable';

/**
 * What to show people of an error that nobody expected. Of a failed statement only its number: its message
 * would show the statement and its values. The worker's log has all of it.
 */
export function inWords(error: unknown): string {
  const code = sqlStateOf(error);
  if (code !== null) return `Something went wrong on our side (database error ${code}).`;
  return storableText(error instanceof Error ? error.message : String(error));
}
