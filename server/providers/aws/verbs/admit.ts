import { setTimeout as pause } from 'node:timers/promises';
import {
  AttachLoadBalancerTargetGroupsCommand,
  type AutoScalingGroup,
  DetachLoadBalancerTargetGroupsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { findGroup, targetHealth } from '@/server/providers/aws/read/groups';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { healthyIn, requireRoom, route, routeIfThere } from '@/server/providers/aws/verbs/route';
import { targetGroupKey } from '@/server/providers/aws/words/names';
import { membershipsIn, TAGS, type Tags, tagsOf } from '@/server/providers/aws/words/tags';
import { weightsIn, weightsTag } from '@/server/providers/aws/words/weights';
import { ProviderError } from '@/server/providers/provider';

/**
 * What must not change the size of a group that gets no requests, so that it can take them back. Launch and
 * Terminate go on: a machine that fails is replaced, and a person may resize the group.
 */
const IDLE_PROCESSES = ['AlarmNotification', 'ScheduledActions'];
/** Below the time that a call to a platform may take, so that its own sentence is heard. */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 500;

/**
 * Lets requests in: attached, registered and healthy first, then the listener's weights.
 * @throws ProviderError `pending` while too few targets are healthy and others serve; asked again, it goes on.
 */
export async function admit(region: Region, group: AutoScalingGroup): Promise<void> {
  await resume(region, group);
  const attached = new Set(group.TargetGroupARNs);
  for (const { loadBalancer, targetGroupArn } of membershipsIn(tagsOf(group.Tags)))
    if (!attached.has(targetGroupArn)) await requireRoom(region, loadBalancer);
  const targetGroups = await attach(region, group);
  const names = membershipsIn(tagsOf(group.Tags)).map(({ loadBalancer }) => loadBalancer);
  // With a weight of zero: a target group that no listener names is not even asked for its health.
  for (const name of names) await route(region, name);
  await untilHealthy(region, group, targetGroups);
  for (const name of names) {
    const { everybodyServes } = await route(region, name);
    if (!everybodyServes)
      throw new ProviderError(
        'pending',
        `Too few targets of ${group.AutoScalingGroupName} are healthy behind ${name} yet.`,
      );
  }
}

async function attach(region: Region, group: AutoScalingGroup): Promise<string[]> {
  const wanted = membershipsIn(tagsOf(group.Tags)).map(({ targetGroupArn }) => targetGroupArn);
  const missing = wanted.filter((arn) => !group.TargetGroupARNs?.includes(arn));
  const { AutoScalingGroupName } = group;
  if (missing.length > 0)
    await region.autoScaling.send(
      new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs: missing }),
    );
  return wanted;
}

/** All that are in service, for as long as there is time; whether fewer are enough is the routing's to say. */
async function untilHealthy(
  region: Region,
  group: AutoScalingGroup,
  targetGroups: readonly string[],
): Promise<void> {
  const inService = (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService');
  const deadline = performance.now() + PATIENCE_MS;
  for (const arn of targetGroups)
    while (healthyIn(await targetHealth(region, arn)) < inService.length && performance.now() < deadline)
      await pause(LOOK_AGAIN_MS);
}

async function resume(region: Region, group: AutoScalingGroup): Promise<void> {
  const { AutoScalingGroupName } = group;
  const suspended = (group.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName ?? '');
  const ScalingProcesses = IDLE_PROCESSES.filter((name) => suspended.includes(name));
  if (ScalingProcesses.length > 0)
    await region.autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses }));
}

/** Takes requests away: the listener's weights first, then the targets, which finish what they have begun. */
export async function dismiss(region: Region, group: AutoScalingGroup): Promise<void> {
  const { AutoScalingGroupName } = group;
  for (const { loadBalancer, targetGroupArn } of membershipsIn(tagsOf(group.Tags)))
    await routeIfThere(region, loadBalancer, ({ tags }) => withoutWeight(tags, targetGroupArn));
  const TargetGroupARNs = group.TargetGroupARNs ?? [];
  if (TargetGroupARNs.length > 0) await detach(region, group, TargetGroupARNs);
  await region.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: IDLE_PROCESSES }),
  );
}

/** Whoever is disabled loses its weight, and comes back without one. */
function withoutWeight(tags: Tags, targetGroupArn: string): Tags {
  const { [targetGroupKey(targetGroupArn)]: _, ...others } = weightsIn(tags[TAGS.weights]);
  return { [TAGS.weights]: weightsTag(others) };
}

/**
 * A group may be taken out twice at once, as by a canary that is canceled and a rollback. AWS refuses the later one,
 * with a code of its own or a general one; what counts is whether anything is attached still.
 */
async function detach(region: Region, group: AutoScalingGroup, TargetGroupARNs: string[]): Promise<void> {
  const { AutoScalingGroupName = '' } = group;
  try {
    await region.autoScaling.send(
      new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
    );
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'invalid') throw error;
    const now = await findGroup(region, AutoScalingGroupName);
    if (now?.TargetGroupARNs?.some((arn) => TargetGroupARNs.includes(arn))) throw error;
  }
}

/** @throws ProviderError `pending` while targets still answer what they were asked; asked again, it goes on. */
export async function untilDrained(region: Region, targetGroups: readonly string[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (const arn of targetGroups)
    while ([...(await targetHealth(region, arn)).values()].some(({ State }) => State === 'draining')) {
      if (performance.now() > deadline)
        throw new ProviderError('pending', 'Its targets are still answering what they were asked.');
      await pause(LOOK_AGAIN_MS);
    }
}
