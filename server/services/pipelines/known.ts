import { eq } from 'drizzle-orm';
import { environments, notificationEndpoints, pipelines, webhookSources } from '@/db/schema';
import type { Known } from '@/server/services/pipelines/validate';
import type { Reader } from '@/server/services/shared/reader';

/** What a pipeline of an application may name, itself included. */
export async function readKnown(db: Reader, application: string, own: string): Promise<Known> {
  const [places, others, integrations] = await Promise.all([
    db
      .select({ name: environments.name })
      .from(environments)
      .where(eq(environments.application, application)),
    db.select({ name: pipelines.name }).from(pipelines).where(eq(pipelines.application, application)),
    readIntegrations(db),
  ]);
  return {
    environments: places.map((place) => place.name),
    pipelines: [...new Set([...others.map((other) => other.name), own])],
    ...integrations,
  };
}

/** What the pipelines of all applications may name. */
export async function readIntegrations(db: Reader): Promise<Pick<Known, 'endpoints' | 'sources'>> {
  const [endpoints, sources] = await Promise.all([
    db.select({ name: notificationEndpoints.name }).from(notificationEndpoints),
    db.select({ name: webhookSources.name }).from(webhookSources),
  ]);
  return {
    endpoints: endpoints.map((endpoint) => endpoint.name),
    sources: sources.map((source) => source.name),
  };
}
