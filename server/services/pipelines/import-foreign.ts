import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { type PipelineDefinition, timeZoneSchema } from '@/server/domain/pipeline';
import { ROLES } from '@/server/domain/roles';
import type { ImportTarget } from '@/server/interchange/spinnaker/context';
import { type Imported, importSpinnaker, type Refused } from '@/server/interchange/spinnaker/pipeline';
import { type ReportEntry, Unmappable } from '@/server/interchange/spinnaker/report';
import { findApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { importPipeline } from '@/server/services/pipelines/import';
import { readKnown } from '@/server/services/pipelines/known';
import { type Issue, type Known, pipelineIssues } from '@/server/services/pipelines/validate';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';

const names = z.record(z.string(), z.string()).default({});

export const importForeignInput = z.object({
  application: z.string(),
  /** A pipeline as Spinnaker keeps it. */
  document: z.record(z.string(), z.unknown()),
  /** What things that are named there are called here. */
  mapping: z
    .object({
      /** `account/cluster`, `account/namespace`, a cluster or an account → environment. */
      environments: names,
      /** id or name of a pipeline → pipeline of the application. */
      pipelines: names,
      /** Receiver of a notification as `type/address` → notification endpoint. */
      endpoints: names,
      /** In which its schedules and windows are meant. */
      timeZone: timeZoneSchema.optional(),
    })
    .prefault({}),
  /** True: only says what would become of it. */
  dryRun: z.boolean().default(true),
});

export interface ForeignImport {
  readonly definition: PipelineDefinition;
  readonly report: readonly ReportEntry[];
  /** Null when it was only tried. */
  readonly written: { readonly revision: number; readonly changed: boolean } | null;
}

/**
 * Brings in a pipeline of another product, with a report of every part of it. Stages that have no equivalent,
 * or would not be valid here, become gates at which a person is asked.
 */
export async function importForeignPipeline(
  ctx: ServiceContext,
  { application, document, mapping, dryRun }: z.output<typeof importForeignInput>,
): Promise<ForeignImport> {
  requirePermission(ctx, 'pipeline.write');
  await findApplication(ctx.db, application);
  const known = await readKnown(ctx.db, application, '');
  const target: ImportTarget = {
    application,
    environments: await ctx.db
      .select({
        name: environments.name,
        account: environments.account,
        cluster: environments.cluster,
        regions: environments.regions,
        artifact: environments.artifact,
      })
      .from(environments)
      .where(eq(environments.application, application)),
    pipelines: known.pipelines.filter((name) => name !== ''),
    roles: ROLES,
    sources: known.sources,
    endpoints: known.endpoints,
    mapping,
  };
  requireNoIssues('pipeline', unstorable(document));
  const { definition, report } = valid(document, target, known);
  if (dryRun) return { definition, report, written: null };
  const { revision, changed } = await importPipeline(ctx, { application, definition });
  return { definition, report, written: { revision, changed } };
}

/** Translates again without what is not valid here, until all of it is. */
function valid(document: Readonly<Record<string, unknown>>, target: ImportTarget, known: Known): Imported {
  const stages = new Map<string, string>();
  const triggers = new Map<string, string>();
  for (;;) {
    const imported = translated(document, target, { stages, triggers });
    const all = { ...known, pipelines: [...known.pipelines, imported.definition.name] };
    const issues = pipelineIssues(imported.definition, all);
    if (issues.length === 0) return imported;
    const before = stages.size + triggers.size;
    for (const issue of issues) refuse(issue, imported, { stages, triggers });
    // What is left is wrong as a whole, such as stages that wait for each other.
    if (stages.size + triggers.size === before) requireNoIssues('pipeline', issues);
  }
}

function refuse(
  { path, message }: Issue,
  { definition, origins }: Imported,
  refused: { readonly stages: Map<string, string>; readonly triggers: Map<string, string> },
): void {
  const [part, index] = path.split('.');
  const why = `It would not be valid here: ${message}.`;
  if (part === 'stages') {
    const origin = origins.get(definition.stages[Number(index)]?.refId ?? '');
    if (origin !== undefined && !refused.stages.has(origin)) refused.stages.set(origin, why);
  }
  if (part === 'triggers') {
    const id = definition.triggers?.[Number(index)]?.id;
    if (id !== undefined && !refused.triggers.has(id)) refused.triggers.set(id, why);
  }
}

function translated(
  document: Readonly<Record<string, unknown>>,
  target: ImportTarget,
  refused: Refused,
): Imported {
  try {
    return importSpinnaker(document, target, refused);
  } catch (error) {
    if (error instanceof Unmappable)
      throw new AppError('bad_request', `This cannot be imported as a pipeline. ${error.message}`);
    throw error;
  }
}
