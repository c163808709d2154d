import { accounts } from '@/db/schema';
import type { PlatformView } from '@/server/domain/views/application';
import { providers } from '@/server/providers/registry';
import type { Reader } from '@/server/services/shared/reader';

const labels: Readonly<Record<string, { readonly label: string }>> = providers;

/** Which platform each account is on, in its own name. */
export async function readPlatforms(db: Reader): Promise<(account: string) => PlatformView> {
  const rows = await db.select({ name: accounts.name, provider: accounts.provider }).from(accounts);
  const kinds = new Map(rows.map(({ name, provider }) => [name, provider]));
  return (account) => {
    const kind = kinds.get(account) ?? '';
    return { kind, label: labels[kind]?.label ?? kind };
  };
}
