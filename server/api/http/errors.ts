import { z } from 'zod';
import { AppError, ERROR_STATUS, isAppError } from '@/server/domain/errors';
import { runtime } from '@/server/services/runtime';
import { unavailable } from '@/server/services/shared/unavailable';

const UNEXPECTED =
  'Something broke on our side. Try again; if it stays, look into the log of the web process.';

/** The one shape of errors over HTTP. What was not expected is logged, and answered without its details. */
export function errorResponse(error: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const known = asAppError(error);
  if (!known || known.code === 'unavailable') runtime().log.error({ err: error }, 'request failed');
  const { code, message, details } = known ?? new AppError('internal', UNEXPECTED);
  return Response.json({ error: { code, message, details } }, { status: ERROR_STATUS[code], headers });
}

function asAppError(error: unknown): AppError | null {
  if (isAppError(error)) return error;
  if (error instanceof z.ZodError) return invalidInput(error);
  return unavailable(error);
}

/** One sentence for all that is wrong with an input, and the issues for programs. */
export function invalidInput(error: z.ZodError): AppError {
  const issues = error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const sentence = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new AppError('bad_request', `The request is not valid. ${sentence}`, { issues });
}
