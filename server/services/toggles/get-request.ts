import { z } from 'zod';
import type { Message } from '@/server/domain/message';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ChangeRequestView } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { definitionChanges } from '@/server/services/toggles/changes';
import { findRequest, requestSummary } from '@/server/services/toggles/request-rows';
import { readStandings } from '@/server/services/toggles/standings';
import { loadToggleWorld, type ToggleWorld } from '@/server/toggle-state/load';
import { withDefinition } from '@/server/toggle-state/prepare';
import { settled } from '@/server/toggle-state/settle';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';

export const changeRequestInput = z.object({ id: z.uuid() });

/** A change request with what is there now, what would be, and how they differ. */
export async function getChangeRequest(
  ctx: ServiceContext,
  { id }: z.output<typeof changeRequestInput>,
): Promise<ChangeRequestView> {
  const actor = requirePermission(ctx, 'read');
  const found = await findRequest(ctx.db, id);
  const world = await loadToggleWorld(ctx.db);
  const { toggle: key, environment, definition } = found.request;
  const toggle = world.toggles.get(key);
  const kept = toggle?.environments[environment];
  const now = ctx.clock.now();
  const before = toggle && kept ? settled(toggle, kept, now) : null;
  const sentence = (value: ToggleDefinition) => sentenceOf(ctx, world, key, environment, value);
  return {
    ...requestSummary(found, actor),
    before,
    after: definition,
    rulesBefore: before && fromTargeting(before.targeting),
    rulesAfter: fromTargeting(definition.targeting),
    changes: definitionChanges(before, definition),
    sentenceBefore: before && (await sentence(before)),
    sentenceAfter: await sentence(definition),
  };
}

async function sentenceOf(
  ctx: ServiceContext,
  world: ToggleWorld,
  key: string,
  environment: string,
  definition: ToggleDefinition,
): Promise<Message> {
  const toggle = world.toggles.get(key);
  const changed = toggle
    ? { ...world, toggles: new Map(world.toggles).set(key, withDefinition(toggle, environment, definition)) }
    : world;
  const standings = await readStandings(ctx.db, changed, ctx.clock.now());
  return standings.serving(key, environment).sentence;
}
