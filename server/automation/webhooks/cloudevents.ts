import { HTTP } from 'cloudevents';
import { z } from 'zod';
import type { WebhookFormat } from '@/server/automation/webhooks/format';
import { anyFits, bearerOf, sameText } from '@/server/automation/webhooks/parts';

const eventSchema = z.looseObject({
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  data: z.unknown(),
});

/** CloudEvents over HTTP, binary, structured or batched; CDEvents come this way. Signed by a bearer token. */
export const cloudevents: WebhookFormat = {
  kind: 'cloudevents',
  label: 'CloudEvents and CDEvents',
  verify({ headers }, secrets) {
    const given = bearerOf(headers);
    if (!given) return 'The header "Authorization: Bearer …" is missing.';
    return anyFits(secrets, (secret) => sameText(given, secret)) ? null : 'The token does not fit.';
  },
  read({ headers, body }) {
    const message = { headers: Object.fromEntries(headers), body: body.toString('utf8') };
    let events: unknown;
    try {
      events = HTTP.toEvent(message);
    } catch (error) {
      throw new SyntaxError(
        `this is not a CloudEvent: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return z
      .array(eventSchema)
      .parse(Array.isArray(events) ? events : [events])
      .map(({ id, source, type, data }) => ({
        // A sender's ids are unique for each of its sources.
        deliveryId: `${source} ${id}`,
        event: type,
        payload: data,
      }));
  },
};
