import { and, eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { pipelines } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import { parseParameters } from '@/server/domain/parameters';
import type { ParameterValues } from '@/server/domain/pipeline';
import type { Step } from '@/server/strategies/strategy';

type Validation = Extract<Step, { type: 'validate' }>;

/** What the pipeline that validates a step is told, as far as it asks: by name of its parameter. */
function offered(region: string, { serverGroup, sourceServerGroup, percent }: Validation): ParameterValues {
  return { region, serverGroup, sourceServerGroup: sourceServerGroup ?? '', percent };
}

/** By step, the parameters that its pipeline gets. */
export type Validations = ReadonlyMap<Step, ParameterValues>;

/**
 * What the validations of a plan pass on: of what there is to tell, what their pipelines declare. Or why one
 * of them could not run, which is better known before the first group is created.
 */
export async function readValidations(
  db: Database,
  application: string,
  region: string,
  steps: readonly Step[],
): Promise<Validations | { readonly error: Message }> {
  const validations = new Map<Step, ParameterValues>();
  for (const step of steps) {
    if (step.type !== 'validate') continue;
    const { pipeline } = step;
    const [row] = await db
      .select({ definition: pipelines.definition })
      .from(pipelines)
      .where(and(eq(pipelines.application, application), eq(pipelines.name, pipeline)));
    if (!row) return { error: message('engine.pipeline.unknown', { application, pipeline }) };
    if (row.definition.disabled) return { error: message('engine.pipeline.disabled', { pipeline }) };
    const { parameters } = row.definition;
    const declared = Object.entries(offered(region, step)).filter(([name]) =>
      parameters.some((parameter) => parameter.name === name),
    );
    const { problems } = parseParameters(parameters, Object.fromEntries(declared));
    if (problems.length > 0)
      return { error: message('engine.pipeline.parameters', { pipeline, problem: problems.join(' ') }) };
    validations.set(step, Object.fromEntries(declared));
  }
  return validations;
}
