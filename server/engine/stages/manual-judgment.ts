import { message } from '@/server/domain/message';
import { type JudgmentConfig, judgmentConfigSchema } from '@/server/domain/pipeline';
import { awaitDecision } from '@/server/engine/judgments/await-decision';
import type { StageType } from '@/server/engine/stages/stage';

/** Waits for a person's decision. */
export const manualJudgment: StageType<JudgmentConfig> = {
  type: 'manualJudgment',
  label: 'Manual judgment',
  group: 'control',
  authorable: true,
  configSchema: judgmentConfigSchema,
  gate: (config) => config,
  tasks: [
    {
      name: 'judge',
      run(context) {
        const { config, stage } = context;
        const since = stage.startedAt.getTime() + stage.pausedMs;
        return awaitDecision(context, config, since, message('engine.wait.judgment'));
      },
    },
  ],
};
