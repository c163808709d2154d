import { z } from 'zod';
import {
  EXPIRY_ACTIONS,
  flagKeySchema,
  flagMetadataSchema,
  toggleKindSchema,
  variantsSchema,
} from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { changeDetails } from '@/server/services/toggles/change-details';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { reasonSchema } from '@/server/services/toggles/reason';

export const updateDetailsInput = z.object({
  key: flagKeySchema,
  /** What is left out stays. */
  details: z.object({
    name: z.string().min(1).max(200).optional(),
    description: z.string().max(10_000).optional(),
    application: z.string().nullable().optional(),
    kind: toggleKindSchema.optional(),
    tags: z.array(z.string().min(1).max(100)).max(50).optional(),
    owner: z.string().max(200).nullable().optional(),
    expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
    onExpiry: z.enum(EXPIRY_ACTIONS).optional(),
    variants: variantsSchema.optional(),
    metadata: flagMetadataSchema.optional(),
  }),
  /** The one that was looked at: refused when it is another by now. */
  revision: z.number().int().min(0).optional(),
  reason: reasonSchema,
});

/** Changes what a toggle is called, whose it is, when it expires and what it can serve. */
export async function updateToggleDetails(
  ctx: ServiceContext,
  input: z.output<typeof updateDetailsInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  requireNoIssues('toggle', unstorable(input.details));
  const given = Object.fromEntries(
    Object.entries(input.details).filter(([, value]) => value !== undefined),
  ) as Partial<ToggleDetails>; // What the schema calls optional is only left out here.
  const moment = given.expiresAt ? { expiresAt: new Date(given.expiresAt).toISOString() } : {};
  return ctx.db.transaction((tx) =>
    changeDetails(
      tx,
      actor,
      { ...input, action: 'toggle.update', next: (current) => ({ ...current, ...given, ...moment }) },
      ctx.clock.now(),
    ),
  );
}
