import type { Instance as GroupMember } from '@aws-sdk/client-auto-scaling';
import type { Instance as Machine } from '@aws-sdk/client-ec2';
import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instance, InstanceHealth } from '@/server/domain/inventory';

interface Verdict {
  readonly health: InstanceHealth;
  readonly reason: string | null;
}

/** AWS registers it neither now nor when the process is resumed. */
const LEFT_OUT =
  'not registered with the load balancer: AddToLoadBalancer is suspended. Resume it and terminate the instance';

const HEALTHY: Verdict = { health: 'healthy', reason: null };

/**
 * @param targets what the target groups that the group is attached to say of it; undefined for one that does not
 * know it yet.
 */
export function instanceOf(
  member: GroupMember,
  machine: Machine | undefined,
  targets: readonly (TargetHealth | undefined)[],
  group: { readonly createdAt: string; readonly isHeldBack: boolean },
): Instance {
  const verdict = verdictOn(member, targets);
  const isLeftOut = group.isHeldBack && verdict.health === 'starting' && targets.includes(undefined);
  return {
    id: member.InstanceId ?? '',
    health: verdict.health,
    reason: isLeftOut ? LEFT_OUT : verdict.reason,
    startedAt: machine?.LaunchTime?.toISOString() ?? group.createdAt,
    address: machine?.PrivateIpAddress ?? null,
    // A machine that fails is replaced by another one with an id of its own.
    restarts: 0,
    memoryBytes: null,
    ...(isLeftOut ? { blocked: LEFT_OUT } : {}),
  };
}

/** Lifecycle first; of one in service, the load balancers know better than the group. */
export function verdictOn(
  { LifecycleState: state, HealthStatus: status }: GroupMember,
  targets: readonly (TargetHealth | undefined)[],
): Verdict {
  const phase = phaseOf(state ?? '');
  if (phase !== 'inService') return { health: phase, reason: state ?? 'no lifecycle state' };
  const verdicts = targets.map(targetVerdict);
  const worst = verdicts.toSorted((a, b) => severity(b.health) - severity(a.health))[0] ?? HEALTHY;
  if (status?.toLowerCase() === 'unhealthy' && worst.health === 'healthy')
    return { health: 'unhealthy', reason: 'Auto Scaling says Unhealthy' };
  return worst;
}

/** AWS adds states now and then: one that is not known says nothing about health. */
function phaseOf(state: string): InstanceHealth | 'inService' {
  const [first] = state.split(':');
  switch (first) {
    case 'InService':
      return 'inService';
    case 'Pending':
    case 'ReplacingRootVolume':
    case 'RootVolumeReplaced':
      return 'starting';
    case 'Terminating':
    case 'Detaching':
    case 'EnteringStandby':
      return 'draining';
    case 'Standby':
    case 'Detached':
    case 'Terminated':
    case 'Quarantined':
    case 'Warmed':
      return 'down';
    default:
      return 'unknown';
  }
}

function targetVerdict(target: TargetHealth | undefined): Verdict {
  if (!target) return { health: 'starting', reason: 'not registered with the load balancer yet' };
  const { State: state, Reason, Description } = target;
  const reason = [Reason, Description].filter(Boolean).join(': ') || `the load balancer says ${state}`;
  switch (state) {
    case 'healthy':
      return HEALTHY;
    case 'initial':
      return { health: 'starting', reason };
    case 'unhealthy':
      return { health: 'unhealthy', reason };
    case 'draining':
    case 'unhealthy.draining':
      return { health: 'draining', reason };
    case 'unused':
      // Attached a moment ago, and not yet among those that the listener names.
      return { health: 'starting', reason };
    default:
      return { health: 'unknown', reason };
  }
}

const SEVERITY: readonly InstanceHealth[] = [
  'healthy',
  'starting',
  'unknown',
  'draining',
  'unhealthy',
  'down',
];

function severity(health: InstanceHealth): number {
  return SEVERITY.indexOf(health);
}

/** Stands for an instance that the group wants and does not get, so that the reason is seen where one looks. */
export function missingInstance(group: string, index: number, reason: string, since: string): Instance {
  return {
    id: `${group}/not-launched-${index + 1}`,
    health: 'down',
    reason,
    startedAt: since,
    address: null,
    restarts: 0,
    memoryBytes: null,
    blocked: reason,
  };
}
