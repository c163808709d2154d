import { servingInstances } from '@/server/domain/guard';
import { type Message, message } from '@/server/domain/message';
import { destroysNew } from '@/server/engine/clusters/destroy-new';
import { type Before, picturesOf } from '@/server/engine/clusters/restore';
import type { StageContext, Task } from '@/server/engine/stages/stage';

/** After a deploy that failed or was withdrawn: the new group leaves traffic wherever an older one still serves. */
export const takeNewGroupsOut: Task = {
  name: 'takeNewGroupsOut',
  async run(context) {
    const told = await Promise.all(picturesOf(context).map((before) => takeOut(context, before)));
    return { status: 'succeeded', log: told.flat() };
  },
};

async function takeOut(context: StageContext, before: Before): Promise<Message[]> {
  const { account, region, created: serverGroup } = before;
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(before, context.signal);
  const created = groups.find((group) => group.name === serverGroup);
  if (!created) return [];
  const goes = destroysNew(context);
  if (!created.enabled)
    return [
      message(goes ? 'engine.deploy.newNeverIn' : 'engine.deploy.newStaysOut', { serverGroup, region }),
    ];
  const othersServe = groups.some((group) => group.name !== serverGroup && servingInstances(group) > 0);
  if (!othersServe) return [message('engine.deploy.newStaysIn', { serverGroup, region })];
  await provider.disableServerGroup(
    { id: `${context.stage.id}:takeOut:${region}:${context.fence}`, fence: context.fence },
    { region, name: serverGroup },
  );
  return [message(goes ? 'engine.deploy.newOut' : 'engine.deploy.newTakenOut', { serverGroup, region })];
}
