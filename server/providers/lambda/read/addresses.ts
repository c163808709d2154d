import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { readUrl } from '@/server/providers/lambda/read/functions';

/** Addresses are for people and hardly ever change: a sweep need not spend half of its calls on them. */
const KNOWN_FOR_MS = 10 * 60_000;

interface Known {
  readonly url: string | null;
  readonly until: number;
}

const known = new WeakMap<Platform, Map<string, Known>>();

/** The address of a function's alias, read again every ten minutes. */
export async function knownUrl(
  platform: Platform,
  region: Region,
  functionName: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const all = known.get(platform) ?? new Map<string, Known>();
  known.set(platform, all);
  const key = `${region.name}/${functionName}`;
  const found = all.get(key);
  if (found && performance.now() < found.until) return found.url;
  const url = await readUrl(platform, region, functionName, signal);
  all.set(key, { url, until: performance.now() + KNOWN_FOR_MS });
  return url;
}
