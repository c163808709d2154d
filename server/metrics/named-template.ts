import type { CanaryConfig, CanaryMetric } from '@/server/domain/canary';
import { MetricsError } from '@/server/metrics/source';

/**
 * A metric's query with the text of the template it names, as Kayenta's `customFilterTemplate` does; an inline
 * template wins. Queries without one come back as they are.
 * @throws MetricsError `query` when the configuration has no such template.
 */
export function withNamedTemplate(
  query: CanaryMetric['query'],
  templates: CanaryConfig['templates'],
): CanaryMetric['query'] {
  const { customFilterTemplate: name, customInlineTemplate: inline, ...rest } = query;
  if (typeof name !== 'string' || name === '') return query;
  if (typeof inline === 'string' && inline !== '') return { ...rest, customInlineTemplate: inline };
  const text = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (text !== undefined) return { ...rest, customInlineTemplate: text };
  const known = Object.keys(templates).join(', ') || 'none';
  throw new MetricsError('query', `There is no template "${name}" in the configuration. It has: ${known}.`);
}
