import { eq } from 'drizzle-orm';
import { accounts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Provider } from '@/server/providers/provider';
import { loadProvider } from '@/server/services/accounts/load-provider';
import type { Reader } from '@/server/services/shared/reader';

/** Gives the platforms of accounts, each made once. */
export function accountLoader(db: Reader): (account: string) => Promise<Provider> {
  const loaded = new Map<string, Promise<Provider>>();
  return (account) => {
    const provider = loaded.get(account) ?? load(db, account);
    loaded.set(account, provider);
    return provider;
  };
}

/** @throws AppError `not_found` for an account that there is not. */
async function load(db: Reader, name: string): Promise<Provider> {
  const [account] = await db.select().from(accounts).where(eq(accounts.name, name));
  if (!account) throw new AppError('not_found', `There is no account "${name}".`);
  return (await loadProvider(account)).provider;
}
