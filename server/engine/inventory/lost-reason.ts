import { sqlStateOf } from '@/db/errors';
import { failureReason } from '@/server/engine/failure-reason';

/** Why an account is not seen any more, for its row and for those who asked for a look. */
export function lostReason(error: unknown): string {
  const code = sqlStateOf(error);
  if (code === null) return failureReason(error).text;
  return `The platform answered, but what it holds could not be written down here (database error ${code}). It is tried again; the worker's log has the details.`;
}
