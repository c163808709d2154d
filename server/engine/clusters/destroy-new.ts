import { type Message, message } from '@/server/domain/message';
import { type Before, picturesOf } from '@/server/engine/clusters/restore';
import type { StageContext, Task } from '@/server/engine/stages/stage';

/** After a deploy that ended badly, where it was asked for: removes the new group once it is out of traffic. */
export const destroyNewGroups: Task = {
  name: 'destroyNewGroups',
  async run(context) {
    if (!destroysNew(context)) return { status: 'succeeded' };
    const told = await Promise.all(picturesOf(context).map((before) => destroy(context, before)));
    return { status: 'succeeded', log: told.flat() };
  },
};

/** Whether the new group of a deploy that ended badly goes away. */
export function destroysNew({ config }: StageContext): boolean {
  return isObject(config) && config.destroyNewOnFailure === true;
}

async function destroy(context: StageContext, before: Before): Promise<Message[]> {
  const { account, region, created: serverGroup } = before;
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(before, context.signal);
  const created = groups.find((group) => group.name === serverGroup);
  if (!created || created.enabled) return [];
  await provider.destroyServerGroup(
    { id: `${context.stage.id}:destroyNew:${region}`, fence: context.fence },
    { region, name: serverGroup },
  );
  return [message('engine.deploy.newDestroyed', { serverGroup, region })];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
