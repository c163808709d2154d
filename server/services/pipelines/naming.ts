import { and, eq, or, sql } from 'drizzle-orm';
import { pipelines } from '@/db/schema';
import type { StageDefinition } from '@/server/domain/pipeline';
import type { Widget } from '@/server/domain/widgets';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { type WidgetValue, widgetValues } from '@/server/services/pipelines/widget-values';
import type { Reader } from '@/server/services/shared/reader';
import { strategies } from '@/server/strategies/registry';

const types: StageCatalogue = stageTypes;

export interface Naming {
  readonly application: string;
  readonly pipeline: string;
  readonly value: string;
}

/** Pipelines with a stage that names one of these things: a canary configuration, a metrics source. */
export async function pipelinesNaming(
  db: Reader,
  widget: Widget,
  values: readonly string[],
  application?: string,
): Promise<Naming[]> {
  if (values.length === 0) return [];
  // Most pipelines do not have the word at all; those need not be read.
  const mentions = values.map(
    (value) => sql`position(${JSON.stringify(value)} in ${pipelines.definition}::text) > 0`,
  );
  const rows = await db
    .select({ application: pipelines.application, name: pipelines.name, definition: pipelines.definition })
    .from(pipelines)
    .where(
      and(application === undefined ? undefined : eq(pipelines.application, application), or(...mentions)),
    )
    .orderBy(pipelines.application, pipelines.name);
  return rows.flatMap(({ application: owner, name, definition }) => {
    const named = new Set(
      definition.stages.flatMap((stage) =>
        namedByStage(stage)
          .filter((one) => one.widget === widget)
          .map((one) => one.value),
      ),
    );
    return values
      .filter((value) => named.has(value))
      .map((value) => ({ application: owner, pipeline: name, value }));
  });
}

/** Everything that a stage names, the options of its strategy included. */
export function namedByStage(stage: StageDefinition): WidgetValue[] {
  const type = Object.hasOwn(types, stage.type) ? types[stage.type] : undefined;
  if (!type) return [];
  const named = widgetValues(type.configSchema, stage.config);
  return [...named, ...namedByStrategy(named, stage)];
}

/** What the options of a strategy name; the schema of the stage type leaves them open. */
function namedByStrategy(named: readonly WidgetValue[], { config }: StageDefinition): WidgetValue[] {
  const kind = named.find(({ widget }) => widget === 'strategy')?.value ?? '';
  const strategy = Object.hasOwn(strategies, kind) ? strategies[kind] : undefined;
  if (!strategy) return [];
  return widgetValues(strategy.optionsSchema, config.options).map((one) => ({
    ...one,
    path: `options.${one.path}`,
  }));
}
