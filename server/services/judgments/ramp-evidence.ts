import { z } from 'zod';
import { type Message, message } from '@/server/domain/message';
import type { RampSubject } from '@/server/domain/ramp';
import type { FrozenEvidence } from '@/server/services/judgments/compose';
import type { EvidenceFacts } from '@/server/services/judgments/gather';

const stepSchema = z.object({ variant: z.string(), percent: z.number() });

type RampFacts = Pick<EvidenceFacts, 'gated' | 'stage'>;

/** What a card says of a ramp: nothing is deployed, so nothing of artifacts, instances and their rollback. */
export function rampEvidence(
  ramp: RampSubject,
  facts: RampFacts,
): Pick<
  FrozenEvidence,
  'environment' | 'change' | 'elsewhere' | 'warnings' | 'onContinue' | 'onStop' | 'rollbackSeconds'
> {
  const { name, environment } = ramp;
  // It has not begun while a person is asked whether it may.
  const isBefore = facts.stage.type === 'manualJudgment';
  return {
    environment,
    change: [],
    elsewhere: [],
    warnings: [],
    onContinue: onContinue(ramp, facts),
    onStop: [message(isBefore ? 'evidence.ramp.stays' : 'evidence.ramp.back', { name, environment })],
    rollbackSeconds: null,
  };
}

function onContinue({ name, environment }: RampSubject, { gated }: RampFacts): Message[] {
  const [next, ...later] = gated.flatMap(({ stage }) =>
    stage.type === 'toggle' ? (stepSchema.safeParse(stage.config).data ?? []) : [],
  );
  if (!next) return [message('evidence.ramp.done', { name, environment })];
  const step = message('evidence.ramp.step', { ...next, name, environment });
  const last = later.at(-1);
  return last ? [step, message('evidence.ramp.upTo', { percent: last.percent })] : [step];
}
