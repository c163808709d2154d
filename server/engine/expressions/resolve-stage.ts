import { type Message, message } from '@/server/domain/message';
import { scopeFor } from '@/server/engine/expressions/scope';
import type { EngineServices } from '@/server/engine/services';
import type { StageState } from '@/server/engine/state';
import { secretObjection } from '@/server/engine/webhooks/secrets';
import { describe, ExpressionError } from '@/server/expressions/compile';
import { evaluateExpression, evaluateTemplate, inspectTemplate } from '@/server/expressions/evaluate';
import { holdsExpression } from '@/server/expressions/template';

/** What a stage really gets, or why it does not run. */
export type Resolution =
  | { readonly status: 'ready'; readonly config: Readonly<Record<string, unknown>> }
  | { readonly status: 'skip'; readonly reason: Message }
  | { readonly status: 'error'; readonly error: Message };

/**
 * Evaluates a stage's condition and the expressions in its configuration. Steps that a stage planned are
 * never evaluated: their configuration may hold text from outside.
 * @param keepsOwn fields that the stage type evaluates itself.
 */
export async function resolveStage(
  services: EngineServices,
  state: StageState,
  keepsOwn: readonly string[] = [],
): Promise<Resolution> {
  const { stage } = state;
  const ready: Resolution = { status: 'ready', config: stage.config };
  if (stage.parentId !== null) return ready;
  const own = Object.fromEntries(Object.entries(stage.config).filter(([key]) => keepsOwn.includes(key)));
  const given = Object.fromEntries(Object.entries(stage.config).filter(([key]) => !keepsOwn.includes(key)));
  if (stage.runWhen === null && !holdsExpression(JSON.stringify(given))) return ready;
  // The condition is inspected as a text of its own, to learn what it reads.
  const read = inspectTemplate([given, stage.runWhen === null ? '' : `\${${stage.runWhen}}`]);
  const scope = await scopeFor(services, state, read.references);
  const verdict = stage.runWhen === null ? null : condition(stage.runWhen, scope);
  if (verdict) return verdict;
  const { value, problems } = evaluateTemplate(given, scope, secretObjection);
  const [first] = problems;
  if (first) {
    const problem = problems.map(({ path, message: text }) => `${path}: ${text}`).join('; ');
    return { status: 'error', error: message('engine.expression.config', { problem }) };
  }
  // evaluateTemplate keeps the shape of what it is given.
  return { status: 'ready', config: { ...(value as Record<string, unknown>), ...own } };
}

/** Null when it holds. One that cannot be evaluated is an error: skipping on a typo would hide what was not done. */
function condition(source: string, scope: Readonly<Record<string, unknown>>): Resolution | null {
  try {
    const value = evaluateExpression(source, scope);
    if (value === true) return null;
    if (value === false)
      return { status: 'skip', reason: message('engine.expression.skipped', { condition: source }) };
    const problem = `\${${source}} is neither true nor false`;
    return { status: 'error', error: message('engine.expression.condition', { problem }) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const problem = describe(error.problem);
    return { status: 'error', error: message('engine.expression.condition', { problem }) };
  }
}
