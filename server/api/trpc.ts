import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { type ErrorCode, isAppError } from '@/server/domain/errors';
import { transformer } from '@/server/domain/transformer';
import type { ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { unavailable } from '@/server/services/shared/unavailable';

const TRPC_CODES = {
  bad_request: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  unprocessable: 'UNPROCESSABLE_CONTENT',
  rate_limited: 'TOO_MANY_REQUESTS',
  internal: 'INTERNAL_SERVER_ERROR',
  unavailable: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<ErrorCode, TRPCError['code']>;

const UNEXPECTED =
  'Something broke on our side. Try again; if it stays, look into the log of the web process.';

const t = initTRPC.context<ServiceContext>().create({
  transformer,
  sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 25_000 } },
  errorFormatter({ shape, error }) {
    const cause = error.cause;
    const invalid = cause instanceof z.ZodError ? z.prettifyError(cause) : null;
    const known = isAppError(cause) ? cause.message : invalid;
    const message = known ?? (shape.data.httpStatus < 500 ? shape.message : UNEXPECTED);
    return {
      ...shape,
      message,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        details: isAppError(cause) ? cause.details : undefined,
      },
    };
  },
});

const translateErrors = t.middleware(async ({ next }) => {
  const result = await next();
  const known = result.ok ? null : asTrpcError(result.error.cause);
  if (known) throw known;
  return result;
});

/** Null for what nobody expected. */
export function asTrpcError(error: unknown): TRPCError | null {
  const known = isAppError(error) ? error : unavailable(error);
  return known && new TRPCError({ code: TRPC_CODES[known.code], message: known.message, cause: known });
}

const refuseUnstorable = t.middleware(async ({ getRawInput, next }) => {
  requireNoIssues('request', unstorable(await getRawInput()));
  return next();
});

export const router = t.router;
/** Services check permissions themselves; a procedure only validates its input and hands over. */
export const procedure = t.procedure.use(translateErrors).use(refuseUnstorable);
export const createCaller = t.createCallerFactory;
