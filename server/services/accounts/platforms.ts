import { accounts } from '@/db/schema';
import type { PlatformView } from '@/server/domain/views/application';
import type { ProviderManifest } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';
import type { Reader } from '@/server/services/shared/reader';

const platforms: Readonly<Record<string, Pick<ProviderManifest, 'label' | 'capabilities'>>> = providers;

/** Whether what runs on that kind of platform has no instances, and so no size. */
export function isServerlessKind(kind: string): boolean {
  return platforms[kind]?.capabilities.instances === false;
}

/** Which platform each account is on, in its own name. */
export async function readPlatforms(db: Reader): Promise<(account: string) => PlatformView> {
  const rows = await db.select({ name: accounts.name, provider: accounts.provider }).from(accounts);
  const kinds = new Map(rows.map(({ name, provider }) => [name, provider]));
  return (account) => {
    const kind = kinds.get(account) ?? '';
    return { kind, label: platforms[kind]?.label ?? kind };
  };
}
