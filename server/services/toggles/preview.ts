import type { z } from 'zod';
import { evaluationContextSchema } from '@/server/domain/toggles';
import type { TogglePreview } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readDraft } from '@/server/services/toggles/draft';
import { servingOf, unserved } from '@/server/services/toggles/serving';
import { setDefinitionInput } from '@/server/services/toggles/set-definition';
import { compile } from '@/server/toggles/evaluate';
import { explain } from '@/server/toggles/rules/explain';

export const previewToggleInput = setDefinitionInput
  .pick({ key: true, environment: true, definition: true, rules: true })
  .extend({ context: evaluationContextSchema });

/** What somebody would get of a toggle, and why; of the one that stands, or of a draft. */
export async function previewToggle(
  ctx: ServiceContext,
  { context, ...wanted }: z.output<typeof previewToggleInput>,
): Promise<TogglePreview> {
  requirePermission(ctx, 'read');
  const draft = await readDraft(ctx, wanted);
  const compiled = draft.compiledAt(ctx.clock.now());
  const standing = compiled.standings.get(wanted.key);
  return {
    ...explain(compiled, compile(compiled.file), wanted.key, context),
    serving: standing ? servingOf(standing) : unserved(draft.definition.on, 'toggle.serves.unknown'),
  };
}
