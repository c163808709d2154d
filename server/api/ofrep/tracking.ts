import { z } from 'zod';
import { invalidInput } from '@/server/api/http/errors';
import { clientDoor, measured } from '@/server/api/ofrep/door';
import { json } from '@/server/api/ofrep/exchange';
import { trackGoals, trackingSchema } from '@/server/services/toggle-serving/goals';

/** A hundred events with their contexts. Bytes. */
const LIMIT = 256_000;

/** POST /api/telemetry/tracking: what `client.track` of an application says, as OFREP has no door for it. */
export const takeTracking = measured((exchange) =>
  clientDoor(exchange, undefined, async ({ serving, client }) => {
    const read = trackingBody.safeParse((await exchange.body(LIMIT)).toString('utf8'));
    if (!read.success) {
      const { code, message, details } = invalidInput(read.error);
      return json(400, { error: { code, message, details } });
    }
    return json(202, { accepted: trackGoals(serving, client.environment, read.data.events) });
  }),
);

const trackingBody = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('The body is no JSON. Send {"events": [{"name": "…"}]}.');
      return z.NEVER;
    }
  })
  .pipe(trackingSchema);
