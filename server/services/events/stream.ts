import type { SignalEvent } from '@/server/domain/events';
import type { ServiceContext } from '@/server/services/context';

/** Events that committed together or shortly after each other. */
export interface EventBatch {
  /** Id of the last event in the batch; where a reconnecting client goes on. */
  readonly lastSeq: string;
  readonly events: readonly SignalEvent[];
  /** True when the client was away too long to be told everything: it must read all again. */
  readonly reset: boolean;
  readonly at: string;
}

/** The live stream. Yields a first, possibly empty batch at once so that the client knows it is connected. */
export async function* streamEvents(
  ctx: ServiceContext,
  options: { after: string | null; signal: AbortSignal | undefined },
): AsyncGenerator<EventBatch> {
  throw new Error(`stub ${String(ctx)} ${String(options)}`);
}
