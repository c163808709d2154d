import { eq } from 'drizzle-orm';
import { environments, pipelines } from '@/db/schema';
import type { Known } from '@/server/services/pipelines/validate';
import type { Reader } from '@/server/services/shared/reader';

/** What a pipeline of an application may name, itself included. */
export async function readKnown(db: Reader, application: string, own: string): Promise<Known> {
  const [places, others] = await Promise.all([
    db
      .select({ name: environments.name })
      .from(environments)
      .where(eq(environments.application, application)),
    db.select({ name: pipelines.name }).from(pipelines).where(eq(pipelines.application, application)),
  ]);
  return {
    environments: places.map((place) => place.name),
    pipelines: [...new Set([...others.map((other) => other.name), own])],
  };
}
