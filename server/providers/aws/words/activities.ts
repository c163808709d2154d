import type { Activity, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';

export interface Trouble {
  readonly reason: string;
  readonly since: string;
}

/** Why the group does not get the instances that it wants; null while nothing speaks against it. */
export function launchTrouble(group: AutoScalingGroup, activities: readonly Activity[]): Trouble | null {
  const suspended = group.SuspendedProcesses?.find(({ ProcessName }) => ProcessName === 'Launch');
  const since = group.CreatedTime?.toISOString() ?? new Date(0).toISOString();
  if (suspended)
    return { reason: `Launching is suspended: ${suspended.SuspensionReason ?? 'no reason given'}`, since };
  // Newest first. What ended well after a failure has healed it.
  const last = activities
    .filter(({ StatusCode }) => ['Successful', 'Failed', 'Cancelled'].includes(StatusCode ?? ''))
    .toSorted((a, b) => (b.StartTime?.getTime() ?? 0) - (a.StartTime?.getTime() ?? 0))[0];
  if (last?.StatusCode !== 'Failed') return null;
  const reason = last.StatusMessage ?? last.Description ?? 'AWS could not launch it and does not say why';
  return { reason, since: last.StartTime?.toISOString() ?? since };
}

/** New instances are not registered with load balancers. So Spinnaker disables a group, and so do people by hand. */
export function isHeldBack({ SuspendedProcesses = [] }: AutoScalingGroup): boolean {
  return SuspendedProcesses.some(({ ProcessName }) => ProcessName === 'AddToLoadBalancer');
}

/** How many instances it wants beyond those that it has or is getting; in units where its instances have weights. */
export function missingCount(group: AutoScalingGroup): number {
  const members = (group.Instances ?? []).filter(
    ({ LifecycleState }) => !/^(Terminat|Detach|Warmed|EnteringStandby|Standby)/.test(LifecycleState ?? ''),
  );
  const units = members.reduce((sum, { WeightedCapacity }) => sum + Number(WeightedCapacity ?? 1), 0);
  return Math.max(0, (group.DesiredCapacity ?? 0) - units);
}
