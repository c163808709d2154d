import { message } from '@/server/domain/message';
import { trafficObjection } from '@/server/engine/clusters/admission';
import { guardObjection } from '@/server/engine/clusters/guard';
import { takenOutObjection, whileTakenOut } from '@/server/engine/clusters/let-in';
import {
  awaitPlatform,
  type GroupTarget,
  isLate,
  operate,
  readCluster,
  readGroup,
} from '@/server/engine/clusters/target';
import { whileUnreached } from '@/server/engine/clusters/unreached';
import type { StageContext, Task } from '@/server/engine/stages/stage';
import { ProviderError } from '@/server/providers/provider';

/** Lets traffic in, unless the artifact is vetoed or the cluster held at another. Only called when the group is healthy. */
export const letTrafficIn: Task<GroupTarget> = {
  name: 'enable',
  async run(context) {
    const { region, serverGroup: name } = context.config;
    const group = await readGroup(context);
    // It may have been vetoed, or the cluster pinned, since the change was planned.
    const objection = group ? await trafficObjection(context, context.config, group.artifact) : null;
    if (objection) return { status: 'errored', error: objection };
    const notYet = await triedInTime(context, () =>
      operate(context, 'enable', (provider, operation) =>
        provider.enableServerGroup(operation, { region, name }),
      ),
    );
    if (notYet !== null) {
      const values = { serverGroup: name, region, reason: notYet };
      return { status: 'errored', error: message('engine.traffic.unreached', values) };
    }
    return { status: 'succeeded', log: [message('engine.did.enable')] };
  },
};

/** Waits until the group really gets requests: being enabled is only a permission. */
export const waitTraffic: Task<GroupTarget> = {
  name: 'waitTraffic',
  async run(context) {
    const group = await readGroup(context);
    const { serverGroup, region } = context.config;
    if (!group)
      return { status: 'errored', error: message('engine.health.missing', { serverGroup, region }) };
    const expectsNone = group.loadBalancers.length === 0 || group.capacity.desired === 0;
    const unreached = expectsNone ? null : await whileUnreached(context, group);
    if (unreached) return unreached;
    if (group.enabled && (expectsNone || group.traffic > 0)) {
      return {
        status: 'succeeded',
        outputs: { traffic: group.traffic },
        log: [message('engine.did.receives', { percent: Math.round(group.traffic * 100) })],
      };
    }
    if (!group.enabled) return whileTakenOut(context);
    if (isLate(context))
      return { status: 'failed', error: message('engine.traffic.late', { serverGroup, region }) };
    return awaitPlatform(context, 'engine.wait.traffic');
  },
};

/** Takes the group out of traffic, unless the guard objects. A group that is gone is out. */
export const takeTrafficOut: Task<GroupTarget> = {
  name: 'disable',
  async run(context) {
    const groups = await readCluster(context);
    const { region, serverGroup: name } = context.config;
    if (!groups.some((group) => group.name === name))
      return { status: 'succeeded', log: [message('engine.did.alreadyGone')] };
    const objection = (await takenOutObjection(context, groups)) ?? (await guardObjection(context, groups));
    if (objection) return { status: 'errored', error: objection };
    const notYet = await triedInTime(context, () =>
      operate(context, 'disable', (provider, operation) =>
        provider.disableServerGroup(operation, { region, name }),
      ),
    );
    if (notYet !== null) {
      const values = { serverGroup: name, region, reason: notYet };
      return { status: 'errored', error: message('engine.traffic.notYet', values) };
    }
    return { status: 'succeeded', log: [message('engine.did.disable')] };
  },
};

/** A platform that takes its time is asked again, but not for ever. @returns what it waits for when time is over. */
async function triedInTime(
  context: StageContext<GroupTarget>,
  act: () => Promise<void>,
): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'pending' && isLate(context)) return error.message;
    throw error;
  }
}

/** Waits until no load balancer sends the group anything. */
export const waitNoTraffic: Task<GroupTarget> = {
  name: 'waitNoTraffic',
  async run(context) {
    const group = await readGroup(context);
    if (!group || (!group.enabled && group.traffic === 0))
      return { status: 'succeeded', log: [message('engine.did.noTraffic')] };
    const { serverGroup, region } = context.config;
    if (isLate(context))
      return { status: 'errored', error: message('engine.traffic.stays', { serverGroup, region }) };
    return awaitPlatform(context, 'engine.wait.noTraffic');
  },
};
