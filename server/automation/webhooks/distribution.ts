import { z } from 'zod';
import type { WebhookFormat } from '@/server/automation/webhooks/format';
import { anyFits, bearerOf, parseJson, sameText } from '@/server/automation/webhooks/parts';

const envelopeSchema = z.looseObject({
  events: z.array(z.looseObject({ id: z.string(), action: z.string() })).max(1_000),
});

/** Notifications of container registries (CNCF distribution). They carry fixed headers and no signature. */
export const distribution: WebhookFormat = {
  kind: 'distribution',
  label: 'Container registry notifications',
  verify({ headers }, secrets) {
    const given = bearerOf(headers);
    if (!given)
      return 'The header "Authorization: Bearer …" is missing. Add it to the endpoint of the registry.';
    return anyFits(secrets, (secret) => sameText(given, secret)) ? null : 'The token does not fit.';
  },
  read({ body }) {
    const parsed = envelopeSchema.safeParse(parseJson(body));
    if (!parsed.success) throw new SyntaxError('this is not a notification of a registry');
    return parsed.data.events
      .filter(({ action }) => action !== 'pull')
      .map((event) => ({ deliveryId: event.id, event: event.action, payload: event }));
  },
};
