import type { RawDelivery, WebhookFormat } from '@/server/automation/webhooks/format';
import { anyFits, contentId, hmacHex, parseJson, sameText } from '@/server/automation/webhooks/parts';

/** Source: GitHub's documentation of webhook deliveries; the signature covers the bytes as sent. */
export const github: WebhookFormat = {
  kind: 'github',
  label: 'GitHub',
  verify({ headers, body }, secrets) {
    const given = headers.get('x-hub-signature-256');
    if (!given) return 'The header X-Hub-Signature-256 is missing. Give the webhook a secret at GitHub.';
    const fits = anyFits(secrets, (secret) => sameText(given, `sha256=${hmacHex(secret, body)}`));
    return fits ? null : 'The signature does not fit. The secret at GitHub is another one.';
  },
  read(delivery) {
    const { headers, body } = delivery;
    const event = headers.get('x-github-event') ?? '';
    if (event === 'ping') return [];
    const deliveryId = headers.get('x-github-delivery') ?? contentId(body);
    return [{ deliveryId, event, payload: payloadOf(delivery) }];
  },
};

function payloadOf({ headers, body }: RawDelivery): unknown {
  if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) return parseJson(body);
  return JSON.parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
}
