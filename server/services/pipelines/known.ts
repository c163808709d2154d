import { eq } from 'drizzle-orm';
import { environments, notificationEndpoints, pipelines, webhookSources } from '@/db/schema';
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
    ...(await readIntegrations(db)),
  };
}

/** What the pipelines of all applications may name. */
export async function readIntegrations(db: Reader): Promise<Pick<Known, 'endpoints' | 'sources'>> {
  const endpoints = await db.select({ name: notificationEndpoints.name }).from(notificationEndpoints);
  const sources = await db.select({ name: webhookSources.name }).from(webhookSources);
  return {
    endpoints: endpoints.map((endpoint) => endpoint.name),
    sources: sources.map((source) => source.name),
  };
}
