import type { WebhookFormat } from '@/server/automation/webhooks/format';
import { anyFits, contentId, parseJson, sameText } from '@/server/automation/webhooks/parts';
import { standard } from '@/server/automation/webhooks/standard';

/** Source: GitLab's documentation: a token in clear, or a signature of Standard Webhooks. */
export const gitlab: WebhookFormat = {
  kind: 'gitlab',
  label: 'GitLab',
  verify(delivery, secrets) {
    if (delivery.headers.has('webhook-signature')) return standard.verify(delivery, secrets);
    const given = delivery.headers.get('x-gitlab-token');
    if (!given) return 'The header X-Gitlab-Token is missing. Give the webhook a secret token at GitLab.';
    const fits = anyFits(secrets, (secret) => sameText(given, secret));
    return fits ? null : 'The token does not fit. The secret token at GitLab is another one.';
  },
  read({ headers, body }) {
    const deliveryId =
      headers.get('idempotency-key') ?? headers.get('x-gitlab-event-uuid') ?? headers.get('webhook-id');
    const event = headers.get('x-gitlab-event') ?? '';
    return [{ deliveryId: deliveryId ?? contentId(body), event, payload: parseJson(body) }];
  },
};
