import { toggleEnvironments } from '@/db/schema';
import type { ApplicationDefinition } from '@/server/domain/pipeline';
import type { ServiceContext } from '@/server/services/context';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { createClientKey } from '@/server/services/toggles/create-client-key';

/**
 * The application with a client key in the configuration of each of its environments, where its OpenFeature SDK finds
 * it. The variables' names are OpenFeature's own.
 * @param url of this installation.
 */
export async function withToggleKeys(
  ctx: ServiceContext,
  definition: ApplicationDefinition,
  url: string,
): Promise<ApplicationDefinition> {
  const there = new Set((await ctx.db.select().from(toggleEnvironments)).map(({ name }) => name));
  const environments = [];
  for (const environment of definition.environments) {
    const { name, order } = environment;
    if (!there.has(name)) await applyToggleEnvironment(ctx, { name, order });
    const made = await createClientKey(ctx, {
      name: `${definition.name} ${name}`,
      environment: name,
      kind: 'server',
    });
    const config = {
      ...environment.config,
      OFREP_ENDPOINT: url,
      OFREP_HEADERS: `X-API-Key=${made.key}`,
    };
    environments.push({ ...environment, config });
  }
  return { ...definition, environments };
}
