import type { z } from 'zod';
import { freezeAt } from '@/server/domain/toggle-environments';
import type { ScheduledMoment } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { definitionChanges } from '@/server/services/toggles/changes';
import { type Draft, readDraft } from '@/server/services/toggles/draft';
import { servingOf, unserved } from '@/server/services/toggles/serving';
import { setDefinitionInput } from '@/server/services/toggles/set-definition';
import { settled } from '@/server/toggle-state/settle';

export const schedulePreviewInput = setDefinitionInput.pick({
  key: true,
  environment: true,
  definition: true,
  rules: true,
});

/** What the clock will do to a toggle, moment by moment; of the one that stands, or of a draft. */
export async function previewSchedule(
  ctx: ServiceContext,
  wanted: z.output<typeof schedulePreviewInput>,
): Promise<ScheduledMoment[]> {
  requirePermission(ctx, 'read');
  const draft = await readDraft(ctx, wanted);
  return momentsAfter(draft, ctx.clock.now()).map((moment) => viewOf(draft, wanted.key, moment));
}

interface Moment {
  readonly at: Date;
  readonly timeZone: string | null;
  readonly kind: ScheduledMoment['kind'];
}

function momentsAfter({ toggle, definition }: Draft, now: Date): Moment[] {
  const scheduled = definition.schedule.map(
    ({ at, timeZone }): Moment => ({ at: new Date(at), timeZone, kind: 'schedule' }),
  );
  const expiry: Moment[] =
    toggle.expiresAt !== null && toggle.onExpiry === 'off'
      ? [{ at: new Date(toggle.expiresAt), timeZone: null, kind: 'expiry' }]
      : [];
  return [...scheduled, ...expiry]
    .filter(({ at }) => at > now)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function viewOf(
  { toggle, definition, freezes, compiledAt }: Draft,
  key: string,
  { at, timeZone, kind }: Moment,
): ScheduledMoment {
  const standing = compiledAt(at).standings.get(key);
  const { sentence, shares } = standing ? servingOf(standing) : unserved(false, 'toggle.serves.unknown');
  const before = settled(toggle, definition, new Date(at.getTime() - 1));
  const after = settled(toggle, definition, at);
  // What is left of the schedule is no change of it.
  const changes = definitionChanges({ ...before, schedule: [] }, { ...after, schedule: [] });
  // An expiry is not held up: it takes away what is known to be over.
  const freeze = kind === 'schedule' ? freezeAt(freezes, at) : null;
  return { at: at.toISOString(), timeZone, kind, changes, sentence, shares, freeze };
}
