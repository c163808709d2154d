import { tracked } from '@trpc/server';
import { z } from 'zod';
import { procedure, router } from '@/server/api/trpc';
import { streamEvents } from '@/server/services/events/stream';

export const eventsRouter = router({
  /** Every change as it commits. A reconnecting client sends the last id it saw and misses nothing. */
  stream: procedure.input(z.object({ lastEventId: z.string().nullish() })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    for await (const batch of streamEvents(ctx, { after: input.lastEventId ?? null, signal })) {
      yield tracked(batch.lastSeq, batch);
    }
  }),
});
