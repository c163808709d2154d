import { sqlStateOf } from '@/db/errors';
import { type Message, message } from '@/server/domain/message';
import { storableText } from '@/server/domain/storable';

/** What people are told about an error that nobody expected. The worker's log has all of it. */
export interface FailureReason {
  /** In words, for the job's row. */
  readonly text: string;
  readonly retrying: Message;
  gaveUp(times: number): Message;
}

/**
 * A failed statement is told by its SQLSTATE alone: its message would show the statement and its values,
 * which say nothing to people and may be what they must not see.
 */
export function failureReason(error: unknown): FailureReason {
  const code = sqlStateOf(error);
  if (code !== null) {
    return {
      text: `database error ${code}`,
      retrying: message('engine.retryingOurs', { code }),
      gaveUp: (times) => message('engine.gaveUpOurs', { times, code }),
    };
  }
  const reason = storableText(error instanceof Error ? error.message : String(error));
  return {
    text: reason,
    retrying: message('engine.retrying', { reason }),
    gaveUp: (times) => message('engine.gaveUpBecause', { times, reason }),
  };
}
