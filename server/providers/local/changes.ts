import { changeLine } from '@/server/providers/local/api-types';
import type { LocalClient } from '@/server/providers/local/client';
import { type InventoryNotice, ProviderError } from '@/server/providers/provider';

/** Three heartbeats of the platform: longer silence means that it is lost. */
const SILENCE_MS = 15_000;

/** One notice when the watch stands, then one per change, until the signal aborts. */
export async function* watchChanges(
  client: LocalClient,
  signal: AbortSignal,
  silenceMs: number = SILENCE_MS,
): AsyncIterable<InventoryNotice> {
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(), silenceMs);
  try {
    for await (const line of client.lines('/v1/changes', AbortSignal.any([signal, silence.signal]))) {
      watchdog.refresh();
      const notice = noticeOf(line);
      if (notice) yield notice;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (silence.signal.aborted) throw new ProviderError('unavailable', 'the local cloud has gone silent');
    throw error;
  } finally {
    clearTimeout(watchdog);
  }
  if (!signal.aborted) throw new ProviderError('unavailable', 'the local cloud ended the stream of changes');
}

function noticeOf(line: string): InventoryNotice | null {
  const change = changeLine.safeParse(safeJson(line));
  if (!change.success)
    throw new ProviderError('unavailable', 'the local cloud sent a change that is not understood');
  switch (change.data.type) {
    case 'ready':
      return { region: null, application: null, cluster: null };
    case 'change':
      return {
        region: change.data.region,
        application: change.data.application,
        cluster: change.data.cluster,
      };
    case 'heartbeat':
      return null;
    default:
      return change.data satisfies never;
  }
}

function safeJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
