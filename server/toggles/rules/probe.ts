import type { Conditions, Split, SplitPlace } from '@/server/domain/toggle-rules';
import type { EvaluationContext, Evaluators } from '@/server/domain/toggles';
import { Question } from '@/server/toggles/library';
import { inlined } from '@/server/toggles/references';
import { toLogic } from '@/server/toggles/rules/condition-to-logic';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

/** Whether conditions hold, by flagd's own logic; null when it cannot compare what the context has. */
export function areMet(
  conditions: Conditions,
  segments: Evaluators,
  context: EvaluationContext,
): boolean | null {
  const logic = inlined(toLogic(conditions), segments);
  const found = new Question({ if: [logic, 'yes', 'no'] }, ['yes', 'no']).ask(context);
  return typeof found === 'object' ? found.answer === 'yes' : null;
}

const PLACES = Array.from({ length: 1_000 }, (_, place) => String(place));

/** Where a context lies in a split of this flag: flagd is asked for a split into a thousand. Null without a key. */
export function placeIn(
  key: string,
  { by }: Pick<Split, 'by'>,
  context: EvaluationContext,
): SplitPlace | null {
  const buckets = PLACES.map((variant) => ({ variant, weight: 1 }));
  const targeting = toTargeting({ rules: [], otherwise: { kind: 'split', by, buckets } });
  const found = targeting && new Question(targeting, PLACES, key).ask(context);
  return typeof found === 'object' && found ? { by, percent: Number(found.answer) / 10 } : null;
}
