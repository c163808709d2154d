import type { Tone } from '@/components/ui/tone';
import type { InstanceHealth } from '@/server/domain/inventory';
import type { Status } from '@/server/domain/status';

/** Each state has a shape of its own, so that none is told by colour alone. */
export type ShapeName =
  | 'dot'
  | 'ring'
  | 'half'
  | 'triangle'
  | 'square'
  | 'diamond'
  | 'turning'
  | 'check'
  | 'pause'
  | 'dash'
  | 'cross'
  | 'arrow'
  | 'question';

export interface StateLook<Key extends string> {
  readonly shape: ShapeName;
  readonly tone: Tone;
  readonly messageKey: Key;
}

/** How an execution or stage stands, or that a person is awaited. */
export type ExecutionState = Status | 'waiting';

export const EXECUTION_LOOK: { readonly [S in ExecutionState]: StateLook<`execution.${S}`> } = {
  pending: { shape: 'ring', tone: 'off', messageKey: 'execution.pending' },
  running: { shape: 'turning', tone: 'moving', messageKey: 'execution.running' },
  paused: { shape: 'pause', tone: 'caution', messageKey: 'execution.paused' },
  waiting: { shape: 'triangle', tone: 'caution', messageKey: 'execution.waiting' },
  succeeded: { shape: 'check', tone: 'clear', messageKey: 'execution.succeeded' },
  failed: { shape: 'square', tone: 'danger', messageKey: 'execution.failed' },
  errored: { shape: 'diamond', tone: 'danger', messageKey: 'execution.errored' },
  stopped: { shape: 'square', tone: 'off', messageKey: 'execution.stopped' },
  skipped: { shape: 'dash', tone: 'off', messageKey: 'execution.skipped' },
  canceled: { shape: 'cross', tone: 'off', messageKey: 'execution.canceled' },
};

export const HEALTH_LOOK: { readonly [H in InstanceHealth]: StateLook<`health.${H}`> } = {
  healthy: { shape: 'dot', tone: 'clear', messageKey: 'health.healthy' },
  starting: { shape: 'half', tone: 'moving', messageKey: 'health.starting' },
  unhealthy: { shape: 'square', tone: 'danger', messageKey: 'health.unhealthy' },
  draining: { shape: 'arrow', tone: 'caution', messageKey: 'health.draining' },
  down: { shape: 'cross', tone: 'danger', messageKey: 'health.down' },
  unknown: { shape: 'question', tone: 'off', messageKey: 'health.unknown' },
};

/** Worst first: the one a summary shows. */
const HEALTH_SEVERITY: readonly InstanceHealth[] = [
  'down',
  'unhealthy',
  'unknown',
  'starting',
  'draining',
  'healthy',
];

/** The health that a whole shows when its parts differ; null for no parts. */
export function worstHealth(count: Readonly<Record<InstanceHealth, number>>): InstanceHealth | null {
  return HEALTH_SEVERITY.find((health) => count[health] > 0) ?? null;
}

/** What to show for an execution or a stage, where a wait for a person outranks "running". */
export function executionState(status: Status, waitingForPerson: boolean): ExecutionState {
  return waitingForPerson && (status === 'running' || status === 'pending') ? 'waiting' : status;
}
