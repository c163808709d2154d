import { readSession } from '@/server/api/auth/session';
import { systemClock } from '@/server/domain/clock';
import { AppError } from '@/server/domain/errors';
import { authenticateSession } from '@/server/services/auth/authenticate-session';
import { authenticateToken } from '@/server/services/auth/authenticate-token';
import type { Actor, ServiceContext } from '@/server/services/context';
import { runtime } from '@/server/services/runtime';

/** The context of a request from a browser: who the session cookie belongs to, if anyone. */
export async function sessionContext(headers: Headers): Promise<ServiceContext> {
  const { db, env, secrets } = runtime();
  const claims = await readSession(headers.get('cookie'), env);
  return { db, clock: systemClock, secrets, actor: claims && (await authenticateSession(db, claims)) };
}

/**
 * The context of a request from a machine.
 * @throws AppError `unauthenticated` when a token is given but is not valid: a caller with a wrong
 * token must learn that, even where none is needed.
 */
export async function bearerContext(headers: Headers): Promise<ServiceContext> {
  const { db, secrets } = runtime();
  const authorization = headers.get('authorization');
  if (authorization === null) return { db, clock: systemClock, secrets, actor: null };
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const actor = token ? await authenticateToken(db, token, machine(headers)) : null;
  if (!actor) {
    throw new AppError(
      'unauthenticated',
      'The API token is not valid: it is unknown, expired or revoked. Make another.',
    );
  }
  return { db, clock: systemClock, secrets, actor };
}

function machine(headers: Headers): Actor['via'] {
  return headers.get('user-agent')?.startsWith('signalbox-cli/') ? 'cli' : 'api';
}
