import type {
  CanaryConfig,
  MetricAnalysis,
  MetricVerdict,
  UnresolvedPolicies,
  UnresolvedPolicy,
} from '@/server/domain/canary';

/**
 * What is done about a metric without verdict: what the metric says, else the judge's configuration, else a default
 * under which nothing passes in silence. Null when there is a verdict.
 */
export function policyFor(
  verdict: MetricVerdict,
  analysis: MetricAnalysis,
  config: CanaryConfig,
): UnresolvedPolicy | null {
  const all: UnresolvedPolicies = config.judge?.judgeConfigurations ?? {};
  switch (verdict) {
    case 'pass':
    case 'fail':
      return null;
    case 'noData':
      return analysis.onNoData ?? all.onNoData ?? (analysis.mustHaveData === true ? 'fail' : 'askPerson');
    case 'error':
      return analysis.onError ?? all.onError ?? 'askPerson';
    case 'inconclusive':
      return analysis.onInconclusive ?? all.onInconclusive ?? 'extend';
    default:
      return verdict satisfies never;
  }
}
