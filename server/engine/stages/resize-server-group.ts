import { z } from 'zod';
import { capacitySchema } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { healthyIn } from '@/server/domain/units';
import { trafficObjection } from '@/server/engine/clusters/admission';
import { guardObjection } from '@/server/engine/clusters/guard';
import { worstReason } from '@/server/engine/clusters/health';
import { isAsleep } from '@/server/engine/clusters/selection';
import {
  awaitPlatform,
  groupTargetShape,
  isLate,
  operate,
  readCluster,
  readGroup,
} from '@/server/engine/clusters/target';
import type { StageContext, StageType } from '@/server/engine/stages/stage';

const configSchema = z.object({ ...groupTargetShape, capacity: capacitySchema });
type Config = z.infer<typeof configSchema>;

/** Changes how many instances a group has, and waits until it has so many healthy ones and no more. */
export const resizeServerGroup: StageType<Config> = {
  type: 'resizeServerGroup',
  label: 'Resize server group',
  group: 'cluster',
  authorable: false,
  configSchema,
  tasks: [
    {
      name: 'resize',
      async run(context) {
        const { region, serverGroup: name, capacity } = context.config;
        const objection = await resizeObjection(context);
        if (objection) return { status: 'errored', error: objection };
        await operate(context, 'resize', (provider, operation) =>
          provider.resizeServerGroup(operation, { region, name }, capacity),
        );
        return {
          status: 'succeeded',
          log: [message('engine.did.resize', { desired: capacity.desired })],
        };
      },
    },
    {
      name: 'waitSize',
      async run(context) {
        const group = await readGroup(context);
        const { serverGroup, region, capacity } = context.config;
        if (!group)
          return { status: 'errored', error: message('engine.health.missing', { serverGroup, region }) };
        const healthy = healthyIn(group);
        const wanted = capacity.desired;
        const leaving = group.instances.filter((instance) => instance.health === 'draining').length;
        if (healthy >= wanted && group.instances.length - leaving <= wanted)
          return { status: 'succeeded', log: [message('engine.did.healthy', { healthy, wanted })] };
        const reason = worstReason(group);
        const values = { serverGroup, region, healthy, wanted, reason };
        if (isLate(context)) return { status: 'failed', error: message('engine.health.late', values) };
        return awaitPlatform(context, reason ? 'engine.wait.healthyBut' : 'engine.wait.healthy', values);
      },
    },
  ],
};

/** Without instances a group leaves traffic; with the first ones, one that is enabled comes into it. */
async function resizeObjection(context: StageContext<Config>): Promise<Message | null> {
  const { capacity, serverGroup } = context.config;
  const groups = await readCluster(context);
  if (capacity.desired === 0) return guardObjection(context, groups);
  const group = groups.find((one) => one.name === serverGroup);
  return group && isAsleep(group) ? trafficObjection(context, context.config, group.artifact) : null;
}
