import type { CanaryConfig } from '@/server/domain/canary';
import { withNamedTemplate } from '@/server/metrics/named-template';
import { MetricsError } from '@/server/metrics/source';

/** `$\{` is how Kayenta keeps a template through its pipelines; JSON doubles the backslash. */
const ASKS_FOR_TOGGLE = /\$\\*\{\s*toggle\s*\}/;

/**
 * Whether a configuration compares people who have a variant of a toggle with those who have not: all its queries ask
 * for `${toggle}`, and their `${scope}` is the variant. Others compare server groups, which serve both alike.
 */
export function isSplitByVariant({ metrics, templates }: CanaryConfig): boolean {
  return metrics.every(({ query }) => {
    try {
      return ASKS_FOR_TOGGLE.test(JSON.stringify(withNamedTemplate(query, templates)));
    } catch (error) {
      // A template that is not there asks for nothing.
      if (error instanceof MetricsError) return false;
      throw error;
    }
  });
}
