import { message } from '@/server/domain/message';
import {
  awaitPlatform,
  type GroupTarget,
  groupTargetSchema,
  isLate,
  operate,
  readGroup,
} from '@/server/engine/clusters/target';
import { takeTrafficOut, waitNoTraffic } from '@/server/engine/clusters/traffic';
import type { StageType } from '@/server/engine/stages/stage';

/** Takes a group out of traffic, removes it, and waits until it is gone. */
export const destroyServerGroup: StageType<GroupTarget> = {
  type: 'destroyServerGroup',
  label: 'Destroy server group',
  group: 'cluster',
  authorable: false,
  configSchema: groupTargetSchema,
  tasks: [
    takeTrafficOut,
    waitNoTraffic,
    {
      name: 'destroy',
      async run(context) {
        const { region, serverGroup: name } = context.config;
        await operate(context, 'destroy', (provider, operation) =>
          provider.destroyServerGroup(operation, { region, name }),
        );
        return { status: 'succeeded', log: [message('engine.did.destroy')] };
      },
    },
    {
      name: 'waitGone',
      async run(context) {
        if (!(await readGroup(context))) return { status: 'succeeded', log: [message('engine.did.gone')] };
        const { serverGroup, region } = context.config;
        if (isLate(context))
          return { status: 'errored', error: message('engine.destroy.late', { serverGroup, region }) };
        return awaitPlatform(context, 'engine.wait.gone');
      },
    },
  ],
};
