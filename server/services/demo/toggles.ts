import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { toggleDefinitionSchema, toggleSchema } from '@/server/domain/toggles';
import type { ServiceContext } from '@/server/services/context';
import { createToggle, createToggleInput } from '@/server/services/toggles/create';
import { setDefinitionInput, setToggleDefinition } from '@/server/services/toggles/set-definition';

const fileSchema = z.array(
  toggleSchema.omit({ environments: true }).extend({
    environments: z.record(z.string(), toggleDefinitionSchema),
  }),
);

/** The example's features: one that the service asks for, and two to try the page on. */
export async function seedToggles(ctx: ServiceContext, application: string): Promise<void> {
  const file = path.join(process.cwd(), 'examples', application, 'toggles.json');
  const reason = 'the example';
  for (const { environments, ...toggle } of fileSchema.parse(JSON.parse(await readFile(file, 'utf8')))) {
    await createToggle(ctx, createToggleInput.parse({ ...toggle, application, reason }));
    for (const [environment, definition] of Object.entries(environments)) {
      await setToggleDefinition(
        ctx,
        setDefinitionInput.parse({ key: toggle.key, environment, definition, reason }),
      );
    }
  }
}
