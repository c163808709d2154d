import { and, eq } from 'drizzle-orm';
import { environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

export interface DeployTarget {
  readonly artifact: string;
  readonly environment: string;
  /** Needed only when several applications run the artifact in an environment of that name. */
  readonly application?: string | undefined;
}

/** @throws AppError that says which environments there are, or which applications could be meant. */
export async function findDeployEnvironment(
  db: Reader,
  input: DeployTarget,
): Promise<typeof environments.$inferSelect> {
  const own = input.application === undefined ? undefined : eq(environments.application, input.application);
  const places = await db
    .select()
    .from(environments)
    .where(and(eq(environments.artifact, input.artifact), own));
  const found = places.filter((place) => place.name === input.environment);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) {
    const applications = found.map((place) => place.application);
    throw new AppError(
      'bad_request',
      `Several applications run ${input.artifact} in "${input.environment}". Say which, with application: ${applications.join(', ')}.`,
      { applications },
    );
  }
  const known = [...new Set(places.map((place) => place.name))].toSorted();
  const whose = input.application === undefined ? '' : ` of the application "${input.application}"`;
  throw new AppError(
    'not_found',
    `No environment "${input.environment}"${whose} runs the artifact "${input.artifact}". ${listed('Environments', known)}`,
  );
}
