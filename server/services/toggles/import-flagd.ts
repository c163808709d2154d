import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { toggles } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Toggle } from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';
import { findApplication } from '@/server/services/applications/find';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { renderEnglish } from '@/server/services/shared/render-english';
import { unstorable } from '@/server/services/shared/storable';
import { detailsOf } from '@/server/services/toggles/details';
import { importChanges } from '@/server/services/toggles/import-changes';
import { type ImportPlan, type PlannedFlag, planImport } from '@/server/services/toggles/import-plan';
import { requireChosen, segmentChoiceSchema } from '@/server/services/toggles/import-segments';
import { requireUnreviewed, writeSegment } from '@/server/services/toggles/save-segment';
import { writeDetails } from '@/server/services/toggles/write-details';
import { requireSound } from '@/server/toggle-state/check';
import { requireToggleEnvironment } from '@/server/toggle-state/find';
import { requireThawed } from '@/server/toggle-state/freeze';
import { loadToggleWorld, type ToggleWorld } from '@/server/toggle-state/load';
import { lockToggles, recordChange, writeState } from '@/server/toggle-state/write';
import { parseText } from '@/server/toggles/validate';

export const importFlagdInput = z.object({
  environment: z.string(),
  /** The text of a flagd file. */
  json: z.string().min(1).max(5_000_000),
  /** That new toggles belong to; null for none. */
  application: z.string().nullable().default(null),
  /** True: only says what would become of it. */
  dryRun: z.boolean().default(false),
  /** True: what is right goes in although other flags of the file are refused. */
  partial: z.boolean().default(false),
  /** Needed when segments would change that others use: they change for those too, or stay as they are. */
  segments: segmentChoiceSchema.optional(),
});
type Input = z.output<typeof importFlagdInput>;

/**
 * Brings a flagd file into an environment, all of it or nothing: half an import is worse than none. What is wrong is
 * said of every flag at once.
 */
export async function importFlagd(ctx: ServiceContext, input: Input): Promise<FlagImport> {
  const actor = requirePermission(ctx, 'toggle.write');
  const content = parseText(input.json);
  requireNoIssues('file', unstorable(content));
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const place = requireToggleEnvironment(await lockToggles(tx), input.environment);
    if (place.requiresReview) {
      throw new AppError(
        'conflict',
        `Changes in ${place.name} demand review, one toggle at a time. Import into another environment, or change the toggles there.`,
      );
    }
    if (!input.dryRun) requireThawed([place], at);
    if (input.application !== null) await findApplication(tx, input.application);
    const world = await loadToggleWorld(tx);
    const archived = await tx.select({ key: toggles.key, archivedAt: toggles.archivedAt }).from(toggles);
    const plan = planImport(content, {
      environment: place.name,
      world,
      archived: archived.filter((one) => one.archivedAt !== null).map(({ key }) => key),
      segments: input.segments,
      now: at,
    });
    requireSound({
      toggles: plan.toggles,
      segments: plan.planned.segments,
      changed: plan.changed.map((one) => one.key),
      now: at,
    });
    const changes = await importChanges(tx, { environment: place.name, world, plan, now: at });
    if (!input.dryRun) {
      if (!input.partial) requireAll(plan.flags);
      requireChosen(plan.planned, input.segments);
      await write(tx, actor, { input, world, plan, at });
    }
    return {
      flags: plan.flags.map((flag) => ({ ...flag, change: changes.get(flag.key) ?? null })),
      segments: plan.planned.outcomes,
      notes: plan.notes,
      isWritten: !input.dryRun,
    };
  });
}

/** @throws AppError unprocessable with what is wrong with every flag, and in `details.flags` what would become of all. */
function requireAll(flags: readonly PlannedFlag[]): void {
  const refused = flags.filter(({ outcome }) => outcome === 'refused');
  if (refused.length === 0) return;
  const said = refused.map(({ key, notes }) => `${key}: ${notes.map(renderEnglish).join('; ')}`);
  throw new AppError(
    'unprocessable',
    `Nothing was imported: ${refused.length} of ${flags.length} flags cannot be. Mend them, or bring in the others with partial=true.\n${said.join('\n')}`,
    { flags: flags.map(({ key, outcome, notes }) => ({ key, outcome, notes: notes.map(renderEnglish) })) },
  );
}

interface Writing {
  readonly input: Input;
  readonly world: ToggleWorld;
  readonly plan: ImportPlan;
  readonly at: Date;
}

async function write(tx: Transaction, actor: Actor, { input, world, plan, at }: Writing): Promise<void> {
  const reason = 'imported from a flagd file';
  const { segments, outcomes } = plan.planned;
  // Before the toggles that refer to them, and checked together with them above.
  for (const { key, outcome } of outcomes) {
    if (outcome !== 'created' && outcome !== 'changed') continue;
    if (outcome === 'changed') await requireUnreviewed(tx, world, key, at);
    const segment = segments.find((one) => one.key === key);
    if (segment) await writeSegment(tx, actor, { segment, world: { ...world, segments }, reason, at });
  }
  for (const toggle of plan.changed) await writeFlag(tx, actor, toggle, { input, world, reason, at });
  await recordAudit(tx, actor, {
    action: 'toggle.import',
    application: input.application,
    subject: input.environment,
    after: { changed: plan.changed.map(({ key }) => key) },
  });
}

async function writeFlag(
  tx: Transaction,
  actor: Actor,
  toggle: Toggle,
  { input, world, reason, at }: Pick<Writing, 'input' | 'world' | 'at'> & { readonly reason: string },
): Promise<void> {
  const { environment } = input;
  const { key } = toggle;
  const row = world.rows.get(key);
  const application = row ? row.application : input.application;
  const change = { toggle: key, application, by: actor.name, at, reason };
  if (!row) {
    const { environments: _environments, expiresAt: _expiresAt, ...plain } = toggle;
    const [made] = await tx
      .insert(toggles)
      .values({
        ...plain,
        application,
        createdAt: at,
        createdBy: actor.name,
        updatedAt: at,
        updatedBy: actor.name,
      })
      .returning();
    await recordChange(tx, {
      ...change,
      environment: null,
      before: null,
      after: made ? detailsOf(made) : null,
    });
  } else
    await writeDetails(
      tx,
      row,
      { ...detailsOf(row), variants: toggle.variants, metadata: toggle.metadata },
      change,
    );
  const before = world.states.find((one) => one.toggle === key && one.environment === environment) ?? null;
  const definition = toggle.environments[environment];
  // Perhaps only its variants changed; a change that changes nothing is the kill switch's alone.
  if (definition && !isDeepStrictEqual(definition, before?.definition))
    await writeState(tx, { ...change, environment, before, definition });
}
