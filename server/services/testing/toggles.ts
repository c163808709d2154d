import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import {
  toggleChangeRequests,
  toggleChanges,
  toggleClientKeys,
  toggleCounts,
  toggleEnvironments,
  toggleSegments,
  toggleStates,
  toggles,
} from '@/db/schema';
import type { ToggleDefinition, ToggleDefinitionInput } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import type { ServiceContext } from '@/server/services/context';
import type { World } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { createToggle, createToggleInput } from '@/server/services/toggles/create';
import { setDefinitionInput, setToggleDefinition } from '@/server/services/toggles/set-definition';
import { setOnInput, setToggleOn } from '@/server/services/toggles/set-on';

/** staging, where one person decides, and prod, where `review` says so. */
export async function emptyToggles(world: World, admin: ServiceContext, review = false): Promise<void> {
  const { db } = world;
  for (const table of [
    toggleChangeRequests,
    toggleChanges,
    toggleCounts,
    toggleClientKeys,
    toggleStates,
    toggles,
    toggleSegments,
    toggleEnvironments,
  ]) {
    await db.delete(table);
  }
  await applyToggleEnvironment(admin, { name: 'staging', order: 1 });
  await applyToggleEnvironment(admin, { name: 'prod', order: 2, requiresReview: review });
}

/** A toggle of “on” and “off”, switched off in every environment. */
export async function addToggle(
  ctx: ServiceContext,
  key: string,
  more: Partial<z.input<typeof createToggleInput>> = {},
): Promise<void> {
  const input = { key, name: `The ${key}`, variants: { on: true, off: false }, ...more };
  await createToggle(ctx, createToggleInput.parse(input));
}

export function switchToggle(
  ctx: ServiceContext,
  input: z.input<typeof setOnInput>,
): Promise<ToggleChangeOutcome> {
  return setToggleOn(ctx, setOnInput.parse(input));
}

/** Defines a toggle that is on for all but for what is said. */
export function defineToggle(
  ctx: ServiceContext,
  key: string,
  environment: string,
  definition: Partial<ToggleDefinitionInput>,
  more: Partial<z.input<typeof setDefinitionInput>> = {},
): Promise<ToggleChangeOutcome> {
  const whole = { on: true, offVariant: 'off', defaultVariant: 'on', ...definition };
  return setToggleDefinition(ctx, setDefinitionInput.parse({ key, environment, definition: whole, ...more }));
}

/** A toggle in prod with a change request of this id. */
export async function seedToggle(world: World, key: string, requestId: string): Promise<void> {
  const admin = await world.as('admin');
  await emptyToggles(world, admin);
  await addToggle(admin, key);
  const definition = await keptDefinition(world, key, 'prod');
  if (!definition) throw new Error(`no ${key} in prod`);
  await world.db.insert(toggleChangeRequests).values({
    id: requestId,
    toggle: key,
    environment: 'prod',
    baseRevision: 1,
    definition: { ...definition, on: true },
    createdBy: 'Ada',
  });
}

/** As it is kept; null when it does not stand there. */
export async function keptDefinition(
  { db }: Pick<World, 'db'>,
  key: string,
  environment: string,
): Promise<ToggleDefinition | null> {
  const [row] = await db
    .select({ definition: toggleStates.definition })
    .from(toggleStates)
    .where(and(eq(toggleStates.toggle, key), eq(toggleStates.environment, environment)));
  return row?.definition ?? null;
}
