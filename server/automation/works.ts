import type { DatabaseHandle } from '@/db/client';
import type { BackgroundWork } from '@/server/automation/background';
import { dispatchMoments } from '@/server/automation/notifications/dispatch';
import { pruneNotifications, Sender } from '@/server/automation/notifications/send';
import { PutBack } from '@/server/automation/toggles-put-back';
import { settleToggles } from '@/server/automation/toggles-schedule';
import { lookAtDue } from '@/server/automation/triggers/look';
import { watch } from '@/server/automation/watchdog';
import { handleDeliveries, pruneDeliveries } from '@/server/automation/webhooks/handle';
import type { Clock } from '@/server/domain/clock';
import type { Logger } from '@/server/log';
import type { OutboundPolicy } from '@/server/outbound/policy';
import type { SecretBox } from '@/server/secrets/seal';

/** What background work may reach. */
export interface AutomationContext {
  readonly database: DatabaseHandle;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  /** Which private places registries and receivers may be at. */
  readonly outbound: OutboundPolicy;
  readonly logger: Logger;
  /** Where people reach this installation; for links in messages. */
  readonly url: string;
}

/** Everything that goes on by itself in a worker: one line each. */
export function backgroundWorks(context: AutomationContext): readonly BackgroundWork[] {
  const sender = new Sender(context);
  const putBack = new PutBack(context);
  return [
    { name: 'triggers', everyMs: 500, run: (signal) => lookAtDue(context, signal) },
    { name: 'deliveries', everyMs: 250, run: (signal) => handleDeliveries(context, signal) },
    { name: 'notifications', everyMs: 500, run: (signal) => dispatchMoments(context, signal) },
    { name: 'messages', everyMs: 250, run: (signal) => sender.run(signal) },
    { name: 'toggle schedules', everyMs: 1_000, run: () => settleToggles(context) },
    { name: 'toggles of failed executions', everyMs: 1_000, run: () => putBack.run() },
    { name: 'watchdog', everyMs: 10_000, run: () => watch(context) },
    { name: 'old deliveries', everyMs: 3_600_000, run: () => pruneDeliveries(context) },
    { name: 'old messages', everyMs: 3_600_000, run: () => pruneNotifications(context) },
  ];
}
