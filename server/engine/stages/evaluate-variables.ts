import { z } from 'zod';
import { message } from '@/server/domain/message';
import { scopeFor } from '@/server/engine/expressions/scope';
import type { StageType } from '@/server/engine/stages/stage';
import { readStage } from '@/server/engine/state';
import { evaluateTemplate, inspectTemplate } from '@/server/expressions/evaluate';

const configSchema = z.object({
  /** In order: a later one may use an earlier one as `variables.<key>`. */
  variables: z
    .array(z.object({ key: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/), value: z.unknown() }))
    .min(1)
    .max(100),
});

/** Works values out once, for the stages after it: they are its outputs. */
export const evaluateVariables: StageType<z.infer<typeof configSchema>> = {
  type: 'evaluateVariables',
  label: 'Evaluate variables',
  group: 'control',
  authorable: true,
  instant: true,
  evaluates: ['variables'],
  configSchema,
  tasks: [
    {
      name: 'evaluate',
      async run({ config, stage, services }) {
        const state = await readStage(services.db, stage.id);
        if (!state) return { status: 'errored', error: message('engine.stageGone') };
        const { references } = inspectTemplate(config.variables);
        const scope = await scopeFor(services, state, references);
        const variables: Record<string, unknown> = {};
        for (const { key, value } of config.variables) {
          const evaluated = evaluateTemplate(value, { ...scope, variables });
          const [problem] = evaluated.problems;
          if (problem) {
            const text = `${key}: ${problem.message}`;
            return { status: 'errored', error: message('engine.expression.config', { problem: text }) };
          }
          variables[key] = evaluated.value;
        }
        return { status: 'succeeded', outputs: variables };
      },
    },
  ],
};
