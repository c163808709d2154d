import { type Message, message } from '@/server/domain/message';
import type { StageDefinition } from '@/server/domain/pipeline';
import type { NamedExecution } from '@/server/engine/outlook/outlook';
import { secretObjection } from '@/server/engine/webhooks/secrets';
import { evaluateTemplate, inspectTemplate } from '@/server/expressions/evaluate';
import { holdsExpression } from '@/server/expressions/template';

/** What a stage would get, as far as that is known before anything has run. */
export type Foreseen =
  | { readonly status: 'ready'; readonly config: Readonly<Record<string, unknown>> }
  | { readonly status: 'skip'; readonly reason: Message }
  | { readonly status: 'later'; readonly reason: Message };

/** What is only there once an execution runs, or has a meaning only then. */
const UNKNOWN = ['stages', 'judgments', 'deployedServerGroups', 'trigger', 'variables', 'now'] as const;

/**
 * The configuration of a stage with its expressions evaluated over what is known.
 * @param keepsOwn fields that the stage type evaluates itself.
 */
export function foreseenConfig(
  { config, when }: StageDefinition,
  execution: NamedExecution,
  now: Date,
  keepsOwn: readonly string[] = [],
): Foreseen {
  const given = Object.fromEntries(Object.entries(config).filter(([key]) => !keepsOwn.includes(key)));
  const condition = when === undefined ? true : `\${${when}}`;
  if (condition === true && !holdsExpression(JSON.stringify(given))) return { status: 'ready', config };
  const { roots } = inspectTemplate([given, condition]).references;
  if (UNKNOWN.some((root) => roots.has(root))) return { status: 'later', reason: message('outlook.depends') };
  const { application, pipeline, environment, artifact, parameters, startedBy } = execution;
  const started = { application, pipeline, environment, startedBy };
  const scope = { parameters, artifact, execution: started, now };
  const { value, problems } = evaluateTemplate({ given, condition }, scope, secretObjection);
  if (problems.length > 0) return { status: 'later', reason: message('outlook.depends') };
  // evaluateTemplate keeps the shape of what it is given.
  const evaluated = value as { given: Record<string, unknown>; condition: unknown };
  if (evaluated.condition === false)
    return { status: 'skip', reason: message('engine.expression.skipped', { condition: when ?? '' }) };
  return { status: 'ready', config: { ...config, ...evaluated.given } };
}
