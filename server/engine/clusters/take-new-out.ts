import { z } from 'zod';
import { servingInstances } from '@/server/domain/guard';
import type { ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { destroysNew } from '@/server/engine/clusters/destroy-new';
import { letIn } from '@/server/engine/clusters/let-in';
import { type Before, picturesOf } from '@/server/engine/clusters/restore';
import type { StageContext, Task } from '@/server/engine/stages/stage';
import type { Provider } from '@/server/providers/provider';
import { strategies } from '@/server/strategies/registry';

/** After a deploy that failed or was withdrawn: the new groups leave traffic wherever an older one still serves. */
export const takeNewGroupsOut: Task = {
  name: 'takeNewGroupsOut',
  async run(context) {
    const told = await Promise.all(picturesOf(context).map((before) => takeOut(context, before)));
    return { status: 'succeeded', log: told.flat() };
  },
};

async function takeOut(context: StageContext, before: Before): Promise<Message[]> {
  const provider = await context.services.provider(before.account);
  const groups = await provider.describeCluster(before, context.signal);
  const isNew = ({ name }: ServerGroup) => before.created.includes(name);
  const othersServe = groups.some((group) => !isNew(group) && servingInstances(group) > 0);
  return Promise.all(
    groups.filter(isNew).map((group) => takeGroupOut(context, provider, before.region, group, othersServe)),
  );
}

async function takeGroupOut(
  context: StageContext,
  provider: Provider,
  region: string,
  { name: serverGroup, enabled }: ServerGroup,
  othersServe: boolean,
): Promise<Message> {
  const goes = destroysNew(context);
  const values = { serverGroup, region };
  if (enabled && !othersServe) return message('engine.deploy.newStaysIn', values);
  if (enabled || (sharesByWeight(context) && !(await wasLetIn(context, region, serverGroup))))
    await provider.disableServerGroup(
      { id: `${context.stage.id}:takeOut:${region}:${serverGroup}:${context.fence}`, fence: context.fence },
      { region, name: serverGroup },
    );
  if (!enabled) return message(goes ? 'engine.deploy.newNeverIn' : 'engine.deploy.newStaysOut', values);
  return message(goes ? 'engine.deploy.newOut' : 'engine.deploy.newTakenOut', values);
}

const configSchema = z.object({ strategy: z.string() });

/** One that never came in may have a weight all the same, which would bind whoever lets it in later. */
function sharesByWeight({ config }: StageContext): boolean {
  const { strategy = '' } = configSchema.safeParse(config).data ?? {};
  return strategies[strategy]?.needs.includes('weightedTraffic') === true;
}

/** Whoever took it out again since was somebody else, who is not written over. */
async function wasLetIn(context: StageContext, region: string, serverGroup: string): Promise<boolean> {
  return (await letIn(context, context.stage.id, region)).includes(serverGroup);
}
