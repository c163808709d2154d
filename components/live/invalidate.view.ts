import type { QueryKey } from '@tanstack/react-query';
import type { EventKind, SignalEvent } from '@/server/domain/events';

/** Which reads a change makes stale, as paths of procedures. The only place that says so. */
export const STALE_READS: Readonly<Record<EventKind, readonly string[]>> = {
  execution: [
    'executions',
    'board',
    'pipelines',
    'judgments',
    'applications.list',
    'clusters',
    'rollbacks',
    'toggles.get',
    'toggles.list',
  ],
  // A ramp is shown at its toggle.
  stage: ['executions.get', 'executions.getStage', 'executions.waiting', 'board', 'judgments', 'toggles.get'],
  inventory: [
    'clusters',
    'board',
    'applications.list',
    'rollbacks',
    'judgments.evidence',
    'artifacts',
    'canaryConfigs.scopes',
  ],
  judgment: ['judgments', 'executions', 'board'],
  application: ['applications', 'board', 'clusters', 'pipelines'],
  pipeline: ['pipelines', 'applications', 'canaryConfigs.list', 'deployments.objections'],
  trigger: ['triggers', 'webhooks', 'pipelines'],
  notification: ['notifications'],
  artifact: ['artifacts', 'clusters', 'judgments.evidence', 'rollbacks', 'deployments.objections'],
  pin: ['board', 'clusters', 'rollbacks', 'judgments.evidence', 'deployments.objections'],
  account: ['accounts', 'applications.list', 'clusters', 'board', 'system'],
  audit: ['audit'],
  user: ['users', 'tokens'],
  analysis: ['analyses', 'executions.getStage', 'judgments.evidence'],
  canaryConfig: ['canaryConfigs', 'metricsSources.list'],
  toggle: ['toggles'],
  metricsSource: ['metricsSources', 'canaryConfigs'],
};

/**
 * Whether a query (its tRPC key) may show something else after the event. A query about one
 * application or one execution is left alone by events about another.
 */
export function isStaleAfter(key: QueryKey, event: SignalEvent): boolean {
  const [path, options] = key;
  if (!Array.isArray(path)) return false;
  const procedure = path.join('.');
  const concerned = STALE_READS[event.kind].some(
    (read) => procedure === read || procedure.startsWith(`${read}.`),
  );
  if (!concerned) return false;
  const input = inputOf(options);
  return (
    agrees(input['application'], event.application) &&
    agrees(input['executionId'] ?? (path[0] === 'executions' ? input['id'] : undefined), event.executionId)
  );
}

function inputOf(options: unknown): Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null || !('input' in options)) return {};
  const { input } = options;
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

function agrees(asked: unknown, happened: string | null): boolean {
  return typeof asked !== 'string' || happened === null || asked === happened;
}
