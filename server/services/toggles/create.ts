import { z } from 'zod';
import { toggles } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { type Toggle, toggleSchema } from '@/server/domain/toggles';
import { findApplication } from '@/server/services/applications/find';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { detailsOf } from '@/server/services/toggles/details';
import { reasonSchema } from '@/server/services/toggles/reason';
import { requireSound } from '@/server/toggle-state/check';
import { findToggle } from '@/server/toggle-state/find';
import { loadToggleWorld, type ToggleRow } from '@/server/toggle-state/load';
import { requireNewNames } from '@/server/toggle-state/names';
import { lockToggles, recordChange, writeState } from '@/server/toggle-state/write';

export const createToggleInput = toggleSchema.omit({ environments: true }).extend({
  /** Null for one that several applications share. */
  application: z.string().nullable().default(null),
  /** Served everywhere at first, switched off: a variant, or null for the default in the code. */
  offVariant: z.string().nullable().optional(),
  /** Served once it is switched on. */
  defaultVariant: z.string().nullable().optional(),
  reason: reasonSchema,
});
type Input = z.output<typeof createToggleInput>;

/** Adds a toggle, switched off in every environment. Its key is the installation's only one of that name. */
export async function createToggle(
  ctx: ServiceContext,
  { reason, offVariant, defaultVariant, ...input }: Input,
): Promise<{ key: string; revision: number }> {
  const actor = requirePermission(ctx, 'toggle.write');
  requireNoIssues('toggle', unstorable(input));
  requireNewNames('key', [input.key]);
  requireNewNames('variants', Object.keys(input.variants));
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const environments = await lockToggles(tx);
    const { key, application } = input;
    if (application !== null) await findApplication(tx, application);
    const world = await loadToggleWorld(tx);
    const { expiresAt, ...plain } = input;
    const definition = firstDefinition(input, offVariant, defaultVariant);
    const toggle: Toggle = {
      ...input,
      environments: Object.fromEntries(environments.map(({ name }) => [name, definition])),
    };
    requireSound({
      toggles: new Map(world.toggles).set(key, toggle),
      segments: world.segments,
      changed: [key],
      now: at,
    });
    const values = {
      ...plain,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      createdAt: at,
      createdBy: actor.name,
      updatedAt: at,
      updatedBy: actor.name,
    };
    const [row] = await tx.insert(toggles).values(values).onConflictDoNothing().returning();
    if (!row) throw taken(await findToggle(tx, key));
    const change = { toggle: key, application, by: actor.name, at, reason };
    const after = detailsOf(row);
    await recordChange(tx, { ...change, environment: null, before: null, after });
    for (const { name } of environments) {
      await writeState(tx, { ...change, environment: name, before: null, definition });
    }
    await recordAudit(tx, actor, { action: 'toggle.create', application, subject: key, reason, after });
    return { key, revision: row.revision };
  });
}

/** A switch that does nothing yet: “off” or false while it is off, the other one once it is on. */
function firstDefinition(
  { variants }: Pick<Input, 'variants'>,
  offVariant: string | null | undefined,
  defaultVariant: string | null | undefined,
): Toggle['environments'][string] {
  const names = Object.keys(variants);
  const off =
    offVariant === undefined
      ? (names.find((name) => variants[name] === false) ?? names.find((name) => name === 'off') ?? null)
      : offVariant;
  const on =
    defaultVariant === undefined
      ? (names.find((name) => variants[name] === true) ?? names.find((name) => name !== off) ?? off)
      : defaultVariant;
  return {
    on: false,
    offVariant: off,
    defaultVariant: on,
    targeting: null,
    prerequisites: [],
    versionRequirement: null,
    schedule: [],
  };
}

function taken({ key, name, archivedAt }: ToggleRow): AppError {
  return new AppError(
    'conflict',
    archivedAt
      ? `The key “${key}” belongs to “${name}”, which is archived. Restore that one, or choose another key.`
      : `The key “${key}” belongs to “${name}” already. Choose another key.`,
  );
}
