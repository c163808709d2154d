import { type Message, message } from '@/server/domain/message';
import type {
  Condition,
  ExplainedCondition,
  ExplainedRule,
  Explanation,
  RuleList,
  Serve,
  SplitPlace,
} from '@/server/domain/toggle-rules';
import type { Evaluation, EvaluationContext, Evaluators, Targeting } from '@/server/domain/toggles';
import type { CompiledEnvironment } from '@/server/toggles/environment/compile-environment';
import type { Held, Standing } from '@/server/toggles/environment/standing';
import { evaluate } from '@/server/toggles/evaluate';
import type { FlagSet } from '@/server/toggles/flag-set';
import { type LibraryContext, SILENT } from '@/server/toggles/library';
import { describeCondition } from '@/server/toggles/rules/describe-condition';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { areMet, placeIn } from '@/server/toggles/rules/probe';

/**
 * What somebody would get of a toggle, and why. The answer is the one that applications get; the reasons are found by
 * asking flagd about the parts.
 * @param set compiled from the environment's file.
 */
export function explain(
  compiled: CompiledEnvironment,
  set: FlagSet,
  key: string,
  context: EvaluationContext,
): Explanation {
  const evaluation = evaluate(set, key, context);
  const standing = compiled.standings.get(key);
  const empty = { evaluation, prerequisites: [], rules: [], place: null };
  if (!standing) return { ...empty, summary: message('toggle.explain.unknown', { toggle: key }) };
  if (standing.held) return { ...empty, summary: heldSummary(standing.held, evaluation) };
  const prerequisites = standing.open.map((prerequisite) => {
    const served = servedVariant(set, prerequisite.toggle, context);
    return { prerequisite, served, isMet: served !== null && prerequisite.variants.includes(served) };
  });
  const unmet = prerequisites.find(({ isMet }) => !isMet);
  if (unmet) {
    const { prerequisite, served } = unmet;
    const summary = prerequisiteSummary('prerequisite', prerequisite, served, evaluation);
    return { ...empty, prerequisites, summary };
  }
  return { evaluation, prerequisites, ...byRules(key, standing, compiled.segments, context, evaluation) };
}

/** As the flag that needs it sees it, which has no error for a missing targeting key but the default variant. */
function servedVariant(set: FlagSet, key: string, context: EvaluationContext): string | null {
  return set.flags.get(key)?.feature.evaluate(context as LibraryContext, SILENT).variant ?? null;
}

function byRules(
  key: string,
  { definition }: Standing,
  segments: Evaluators,
  context: EvaluationContext,
  evaluation: Evaluation,
): Pick<Explanation, 'summary' | 'rules' | 'place'> {
  const list = fromTargeting(definition.targeting);
  const explained = list && explainRules(list, segments, context);
  const decided = explained?.find(({ isMatch }) => isMatch) ?? null;
  const serve = decided ? (list?.rules[decided.number - 1]?.serve ?? null) : (list?.otherwise ?? null);
  const place = serve?.kind === 'split' ? placeIn(key, serve, context) : null;
  const rules = explained ?? null;
  if (evaluation.reason === 'ERROR') return { summary: failureSummary(evaluation), rules, place };
  if (!rules) return { summary: outcomeMessage('byHand', evaluation), rules, place };
  return { summary: rulesSummary(definition.targeting, decided, serve, place, evaluation), rules, place };
}

function explainRules(list: RuleList, segments: Evaluators, context: EvaluationContext): ExplainedRule[] {
  let isDecided = false;
  return list.rules.map((rule, index) => {
    const isMatch = isDecided ? null : areMet(rule, segments, context) === true;
    isDecided ||= isMatch === true;
    const conditions = rule.conditions.map((condition) => explainCondition(condition, segments, context));
    return { number: index + 1, isMatch, match: rule.match, conditions };
  });
}

function explainCondition(
  condition: Condition,
  segments: Evaluators,
  context: EvaluationContext,
): ExplainedCondition {
  const isMet = areMet({ match: 'all', conditions: [condition] }, segments, context);
  const actual = 'attribute' in condition ? actualOf(context, condition.attribute) : null;
  return { condition, isMet, text: describeCondition(condition), actual };
}

function actualOf(context: EvaluationContext, attribute: string): Message {
  let value: unknown = context;
  for (const key of attribute.split('.')) {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    // Checked above: it is an object with this key.
    value = known ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  if (value === undefined || value === null) return message('toggle.explain.absent', { attribute });
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return message('toggle.explain.actual', { attribute, value: shown });
}

function rulesSummary(
  targeting: Targeting | null,
  decided: ExplainedRule | null,
  serve: Serve | null,
  place: SplitPlace | null,
  evaluation: Evaluation,
): Message {
  if (!targeting || Object.keys(targeting).length === 0) return outcomeMessage('everyone', evaluation);
  const from = decided ? 'rule' : 'otherwise';
  const values: Record<string, number> = decided ? { number: decided.number } : {};
  if (!serve) return outcomeMessage('noRule', evaluation);
  if (serve.kind === 'variant') return outcomeMessage(from, evaluation, values);
  if (place) return outcomeMessage(`${from}Split`, evaluation, { ...values, percent: place.percent });
  // Only an attribute can be missing here: without a targeting key the evaluation had failed.
  return outcomeMessage(`${from}NoKey`, evaluation, { ...values, attribute: serve.by ?? 'targetingKey' });
}

function heldSummary(held: Held, evaluation: Evaluation): Message {
  switch (held.kind) {
    case 'off':
      return held.since === null
        ? outcomeMessage('off', evaluation)
        : outcomeMessage('offSince', evaluation, { at: Date.parse(held.since) });
    case 'expired':
      return outcomeMessage('expired', evaluation, { at: Date.parse(held.at) });
    case 'version': {
      const { application, minimum, coverage } = held.requirement;
      const running = held.running.join(', ');
      const key = held.running.length > 0 ? 'version' : 'versionNone';
      return outcomeMessage(key, evaluation, { application, minimum, coverage, running });
    }
    case 'prerequisite':
      return prerequisiteSummary('prerequisiteForAll', held.prerequisite, held.served, evaluation);
    default:
      return held satisfies never;
  }
}

function prerequisiteSummary(
  key: 'prerequisite' | 'prerequisiteForAll',
  { toggle, variants }: Explanation['prerequisites'][number]['prerequisite'],
  served: string | null,
  evaluation: Evaluation,
): Message {
  const got = served === null ? { has: 'none', got: '' } : { has: 'variant', got: served };
  return outcomeMessage(key, evaluation, { toggle, wanted: variants.join(', '), ...got });
}

function failureSummary(evaluation: Extract<Evaluation, { reason: 'ERROR' }>): Message {
  return evaluation.errorCode === 'TARGETING_KEY_MISSING'
    ? message('toggle.explain.targetingKeyMissing')
    : message('toggle.explain.failed', { details: evaluation.errorDetails });
}

/** A sentence that ends in what is served: a variant, or the default in the code. */
function outcomeMessage(
  key: string,
  { variant }: Evaluation,
  values: Record<string, string | number> = {},
): Message {
  const outcome = variant === undefined ? { served: 'code', variant: '' } : { served: 'variant', variant };
  return message(`toggle.explain.${key}`, { ...values, ...outcome });
}
