import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { RawDelivery, WebhookFormat } from '@/server/automation/webhooks/format';
import { anyFits, contentId, parseJson } from '@/server/automation/webhooks/parts';

const typedSchema = z.looseObject({ type: z.string() });

/** Standard Webhooks: signed id, time and body; five minutes old at most. */
export const standard: WebhookFormat = {
  kind: 'standard',
  label: 'Standard Webhooks',
  verify(delivery, secrets) {
    if (!delivery.headers.has('webhook-signature'))
      return 'The headers webhook-id, webhook-timestamp and webhook-signature are missing.';
    const fits = anyFits(secrets, (secret) => isSigned(delivery, secret));
    return fits ? null : 'The signature does not fit, or it is older than five minutes.';
  },
  read({ headers, body }) {
    const payload = parseJson(body);
    const event = typedSchema.safeParse(payload).data?.type ?? '';
    return [{ deliveryId: headers.get('webhook-id') ?? contentId(body), event, payload }];
  },
};

function isSigned({ headers, body }: RawDelivery, secret: string): boolean {
  try {
    new Webhook(secret).verify(body.toString('utf8'), Object.fromEntries(headers));
    return true;
  } catch {
    return false;
  }
}
