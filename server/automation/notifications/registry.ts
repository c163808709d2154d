import { cdevents } from '@/server/automation/notifications/cdevents';
import type { NotificationFormat } from '@/server/automation/notifications/format';
import { standard } from '@/server/automation/notifications/standard';

/** How endpoints can be told: one file and one line each. */
export const notificationFormats: Readonly<Record<string, NotificationFormat>> = { standard, cdevents };
