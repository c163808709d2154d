import { cloudevents } from '@/server/automation/webhooks/cloudevents';
import { distribution } from '@/server/automation/webhooks/distribution';
import type { WebhookFormat } from '@/server/automation/webhooks/format';
import { github } from '@/server/automation/webhooks/github';
import { gitlab } from '@/server/automation/webhooks/gitlab';
import { standard } from '@/server/automation/webhooks/standard';

/** Every format of webhooks that come in: one line each. */
export const webhookFormats: Readonly<Record<string, WebhookFormat>> = {
  github,
  gitlab,
  distribution,
  standard,
  cloudevents,
};
