import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { toggleSegments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { conditionsSchema } from '@/server/domain/toggle-rules';
import { type Segment, segmentSchema } from '@/server/domain/toggles';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { reasonSchema } from '@/server/services/toggles/reason';
import { requireUnrequested, segmentUsers } from '@/server/services/toggles/segment-users';
import { requireSound } from '@/server/toggle-state/check';
import { requireThawed } from '@/server/toggle-state/freeze';
import { loadToggleWorld, type ToggleWorld } from '@/server/toggle-state/load';
import { requireNewNames } from '@/server/toggle-state/names';
import { requireRevision } from '@/server/toggle-state/revision';
import { lockToggles } from '@/server/toggle-state/write';
import { toSegment } from '@/server/toggles/rules/condition-to-logic';

export const saveSegmentInput = segmentSchema.partial({ condition: true }).extend({
  /** In place of the condition, as people build it. */
  conditions: conditionsSchema.optional(),
  /** The one that was looked at, 0 for none: refused when it is another by now. */
  revision: z.number().int().min(0).optional(),
  reason: reasonSchema,
});

export interface SavedSegment {
  readonly key: string;
  readonly revision: number;
  readonly changed: boolean;
}

/** Adds a segment or changes it, for all toggles that refer to it at once. */
export async function saveSegment(
  ctx: ServiceContext,
  input: z.output<typeof saveSegmentInput>,
): Promise<SavedSegment> {
  const actor = requirePermission(ctx, 'toggle.write');
  const { key, name, description, conditions, revision, reason } = input;
  const condition = conditions ? toSegment(conditions) : input.condition;
  if (!condition) throw new AppError('bad_request', 'Give the condition of the segment, or its conditions.');
  const segment = { key, name, description, condition };
  requireNoIssues('segment', unstorable(segment));
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const [before] = await tx.select().from(toggleSegments).where(eq(toggleSegments.key, key));
    requireRevision(`The segment “${key}”`, revision, before ?? null);
    const world = await loadToggleWorld(tx);
    if (before && !isDeepStrictEqual(before.condition, condition))
      await requireUnreviewed(tx, world, key, at);
    return writeSegment(tx, actor, { segment, world, reason, at });
  });
}

interface Writing {
  readonly segment: Segment;
  readonly world: ToggleWorld;
  readonly reason: string;
  readonly at: Date;
}

/** Writes a segment if it differs. To be called under the lock of toggles. */
export async function writeSegment(
  tx: Transaction,
  actor: Actor,
  { segment, world, reason, at }: Writing,
): Promise<SavedSegment> {
  const { key } = segment;
  const [before] = await tx.select().from(toggleSegments).where(eq(toggleSegments.key, key));
  const after = { name: segment.name, description: segment.description, condition: segment.condition };
  const was = before && {
    name: before.name,
    description: before.description,
    condition: before.condition,
  };
  if (!before) requireNewNames('key', [key]);
  if (before && isDeepStrictEqual(was, after)) return { key, revision: before.revision, changed: false };
  const segments = [...world.segments.filter((one) => one.key !== key), segment];
  const changed = [...segmentUsers(world, key).toggles.keys()];
  requireSound({ toggles: world.toggles, segments, changed, now: at });
  const revision = (before?.revision ?? 0) + 1;
  const values = { ...after, revision, updatedAt: at, updatedBy: actor.name };
  await tx
    .insert(toggleSegments)
    .values({ key, ...values })
    .onConflictDoUpdate({ target: toggleSegments.key, set: values });
  await recordAudit(tx, actor, {
    action: before ? 'toggleSegment.update' : 'toggleSegment.create',
    subject: key,
    reason,
    before: was ?? null,
    after,
  });
  await recordEvents(tx, [{ kind: 'toggle', subject: key }]);
  return { key, revision, changed: true };
}

/**
 * What was reviewed must not become something else by its parts.
 * @throws AppError `conflict` naming who uses the segment where review is demanded, where it waits, or where it is frozen.
 */
export async function requireUnreviewed(
  tx: Transaction,
  world: ToggleWorld,
  key: string,
  now: Date,
): Promise<void> {
  await requireUnrequested(tx, world, key);
  const reviewed = new Set(
    world.environments.filter(({ requiresReview }) => requiresReview).map(({ name }) => name),
  );
  const used = segmentUsers(world, key).toggles;
  const places = new Set([...used.values()].flat());
  requireThawed(
    world.environments.filter(({ name }) => places.has(name)),
    now,
  );
  for (const [toggle, environments] of used) {
    const place = environments.find((name) => reviewed.has(name));
    if (place === undefined) continue;
    throw new AppError(
      'conflict',
      `“${toggle}” uses the segment “${key}” in ${place}, where changes demand review. Save it under another key, and change the toggle by a request.`,
    );
  }
}
