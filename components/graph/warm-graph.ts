import { warmElk } from '@/components/graph/elk';

/**
 * Fetches what draws a graph while the page still reads what is to be drawn. Nothing is lost when it fails:
 * the graph asks for the same again.
 */
export function warmGraph(): void {
  void warmElk().catch(() => undefined);
  void import('@/components/graph/execution-graph').catch(() => undefined);
}
