const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Connection exceptions, too many connections, being shut down. Source: PostgreSQL's appendix of error codes. */
const AWAY_STATE = /^(08...|53300|57P0[1-5])$/;
const AWAY_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
/** What pg says where it gives no code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * The SQLSTATE of an error that a statement ended with, `unknown` when the database gave none, or null
 * for an error that is no statement's. Its message holds the statement and its values: not for people.
 */
export function sqlStateOf(error: unknown): string | null {
  const state = chain(error).find((one) => 'severity' in one && SQLSTATE.test(codeOf(one)));
  if (state) return codeOf(state);
  return chain(error).some((one) => one.message.startsWith('Failed query:')) ? 'unknown' : null;
}

/**
 * Whether the database was not there, so that the same again may work in a moment. Only for callers that
 * talk to nothing else: other connections end with the same words of the operating system.
 */
export function isDatabaseAway(error: unknown): boolean {
  return chain(error).some(
    (one) => AWAY_STATE.test(codeOf(one)) || AWAY_SYSTEM.has(codeOf(one)) || AWAY_WORDS.test(one.message),
  );
}

/** An error and what caused it. */
function chain(error: unknown): Error[] {
  const found: Error[] = [];
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) found.push(at);
  return found;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
