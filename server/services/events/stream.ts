import { AppError } from '@/server/domain/errors';
import type { SignalEvent } from '@/server/domain/events';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { eventHub, type News } from '@/server/services/events/hub';
import {
  formatPlace,
  isKept,
  type LogPlace,
  parsePlace,
  readAfter,
  readNewestPlace,
} from '@/server/services/events/log';
import { Mailbox } from '@/server/services/events/mailbox';

/** Events that committed together or shortly after each other. */
export interface EventBatch {
  /** Id of the last event in the batch; where a reconnecting client goes on. */
  readonly lastSeq: string;
  readonly events: readonly SignalEvent[];
  /** True when the client was away too long to be told everything: it must read all again. */
  readonly reset: boolean;
  readonly at: string;
}

/** More than this is not replayed: reading everything again is cheaper for both sides. */
const REPLAY_LIMIT = 1000;

/** The live stream. Yields a first, possibly empty batch at once so that the client knows it is connected. */
export async function* streamEvents(
  ctx: ServiceContext,
  options: { after: string | null; signal: AbortSignal | undefined },
): AsyncGenerator<EventBatch> {
  requirePermission(ctx, 'read');
  const hub = eventHub(ctx.db);
  const mailbox = new Mailbox(options.signal ? AbortSignal.any([options.signal, hub.closing]) : hub.closing);
  // Listen first, then replay: what commits in between is in the mailbox, and told once.
  const unsubscribe = await hub.subscribe((news) => mailbox.put(news));
  try {
    const first = await catchUp(ctx, options.after);
    let place = first.place;
    yield batch(ctx, first);
    for await (const news of mailbox) {
      const fresh = news.events.filter((event) => isBehind(place, event.place));
      if (fresh.length === 0 && !news.reset) continue;
      if (isBehind(place, news.place)) place = news.place;
      yield batch(ctx, { events: fresh, place, reset: news.reset });
    }
    // A plain end would tell the client that nothing more will come; an error makes it connect again.
    if (hub.closing.aborted) throw new AppError('unavailable', 'Signalbox is restarting. Connect again.');
  } finally {
    unsubscribe();
    mailbox.close();
  }
}

/** What a client has missed since the place it names, or that it must read everything again. */
async function catchUp(ctx: ServiceContext, after: string | null): Promise<News> {
  if (after === null) return { events: [], place: await readNewestPlace(ctx.db), reset: false };
  const place = parsePlace(after);
  if (place && (await isKept(ctx.db, place))) {
    const events = await readAfter(ctx.db, place, REPLAY_LIMIT);
    if (events.length < REPLAY_LIMIT) return { events, place: events.at(-1)?.place ?? place, reset: false };
  }
  return { events: [], place: await readNewestPlace(ctx.db), reset: true };
}

function batch(ctx: ServiceContext, { events, place, reset }: News): EventBatch {
  const at = ctx.clock.now().toISOString();
  return { lastSeq: formatPlace(place), events: events.map((one) => one.event), reset, at };
}

function isBehind(place: LogPlace, other: LogPlace): boolean {
  const byTransaction = BigInt(other.xid) - BigInt(place.xid);
  return byTransaction > 0n || (byTransaction === 0n && BigInt(other.seq) > BigInt(place.seq));
}
