import { eq, isNull } from 'drizzle-orm';
import {
  canaryConfigs,
  environments,
  metricsSources,
  notificationEndpoints,
  pipelines,
  toggleEnvironments,
  toggles,
  webhookSources,
} from '@/db/schema';
import type { Known } from '@/server/services/pipelines/validate';
import type { Reader } from '@/server/services/shared/reader';

/** What a pipeline of an application may name, itself included. */
export async function readKnown(db: Reader, application: string, own: string): Promise<Known> {
  // One after the other: a transaction has one connection.
  const places = await db
    .select({ name: environments.name })
    .from(environments)
    .where(eq(environments.application, application));
  const others = await db
    .select({ name: pipelines.name })
    .from(pipelines)
    .where(eq(pipelines.application, application));
  return {
    application,
    environments: places.map((place) => place.name),
    pipelines: [...new Set([...others.map((other) => other.name), own])],
    ...(await readNamable(db, application)),
  };
}

/** What pipelines of an application may name that is not written in its definition. */
export async function readNamable(
  db: Reader,
  application: string,
): Promise<
  Pick<Known, 'endpoints' | 'sources' | 'canaryConfigs' | 'metricsSources' | 'toggles' | 'toggleEnvironments'>
> {
  const endpoints = await db.select({ name: notificationEndpoints.name }).from(notificationEndpoints);
  const webhooks = await db.select({ name: webhookSources.name }).from(webhookSources);
  const configs = await db
    .select({ name: canaryConfigs.name })
    .from(canaryConfigs)
    .where(eq(canaryConfigs.application, application));
  const sources = await db.select({ name: metricsSources.name }).from(metricsSources);
  const live = await db
    .select({ key: toggles.key, variants: toggles.variants })
    .from(toggles)
    .where(isNull(toggles.archivedAt))
    .orderBy(toggles.key);
  const places = await db.select({ name: toggleEnvironments.name }).from(toggleEnvironments);
  return {
    endpoints: endpoints.map((endpoint) => endpoint.name),
    sources: webhooks.map((source) => source.name),
    canaryConfigs: configs.map((config) => config.name),
    metricsSources: sources.map((source) => source.name),
    toggles: Object.fromEntries(live.map(({ key, variants }) => [key, Object.keys(variants)])),
    toggleEnvironments: places.map((place) => place.name),
  };
}
