import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Keys whose values must never reach a log line, at the top level and one level down. */
const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', 'DATABASE_URL'];

/**
 * JSON lines on stdout.
 * @param component which process or part speaks, e.g. `worker`.
 * @param level the least severe level that is written.
 */
export function createLogger(component: string, level = process.env.SIGNALBOX_LOG_LEVEL ?? 'info'): Logger {
  return pino({
    level,
    base: { component, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
  });
}
