import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { notificationEndpoints, notifications, toggleEnvironments } from '@/db/schema';
import type { ToggleMoment } from '@/server/automation/notifications/format';
import { notificationFormats } from '@/server/automation/notifications/registry';

/** What happened, before it is known where people see it. */
export type ToggleNews = Omit<ToggleMoment, 'url'>;

/**
 * Owes the endpoints of the environments a message, in the transaction of what it tells of: nothing is left out, and
 * nothing is told that did not happen. An endpoint hears once, of those environments that it is told of.
 * @param url address of this installation.
 */
export async function tellOfToggle(tx: Transaction, news: ToggleNews, url: string): Promise<void> {
  const places = await tx
    .select({ name: toggleEnvironments.name, rules: toggleEnvironments.notifications })
    .from(toggleEnvironments)
    .where(inArray(toggleEnvironments.name, [...news.environments]));
  const wanted = (endpoint: string) =>
    places
      .filter(({ rules }) =>
        rules.some((rule) => rule.endpoint === endpoint && rule.events.includes(news.event)),
      )
      .map(({ name }) => name);
  const endpoints = await tx
    .select({ name: notificationEndpoints.name, format: notificationEndpoints.format })
    .from(notificationEndpoints)
    .where(eq(notificationEndpoints.disabled, false));
  const { key, application } = news.toggle;
  const owed = endpoints.flatMap(({ name, format }) => {
    const environments = wanted(name);
    if (environments.length === 0) return [];
    const moment = { ...news, environments, url: `${url}/features/${encodeURIComponent(key)}` };
    const message = notificationFormats[format]?.toggleMessage(moment, url);
    if (!message) return [];
    const id = randomUUID();
    const { executionId } = news;
    const { type, body } = message;
    return [{ id, endpoint: name, dedupe: news.key, type, application, executionId, body: body(id) }];
  });
  if (owed.length > 0) await tx.insert(notifications).values(owed).onConflictDoNothing();
}
