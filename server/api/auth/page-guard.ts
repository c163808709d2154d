import { readSession } from '@/server/api/auth/session';
import { runtime } from '@/server/services/runtime';

/** Whether a request carries a session that has not run out. It may still have been ended: procedures ask. */
export async function hasSession(headers: Headers): Promise<boolean> {
  return (await readSession(headers.get('cookie'), runtime().env)) !== null;
}
