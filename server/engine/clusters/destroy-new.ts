import { z } from 'zod';
import { type Message, message } from '@/server/domain/message';
import { type Before, picturesOf } from '@/server/engine/clusters/restore';
import type { StageContext, Task } from '@/server/engine/stages/stage';
import { strategies } from '@/server/strategies/registry';

/** After a deploy that ended badly, where it was asked for: removes the new groups once they are out of traffic. */
export const destroyNewGroups: Task = {
  name: 'destroyNewGroups',
  async run(context) {
    if (!destroysNew(context)) return { status: 'succeeded' };
    const told = await Promise.all(picturesOf(context).map((before) => destroy(context, before)));
    return { status: 'succeeded', log: told.flat() };
  },
};

const configSchema = z.object({ strategy: z.string(), destroyNewOnFailure: z.boolean() }).partial();

/** Whether the new groups of a deploy that ended badly go away; a canary and its baseline always do. */
export function destroysNew({ config }: StageContext): boolean {
  const { strategy = '', destroyNewOnFailure = false } = configSchema.safeParse(config).data ?? {};
  return destroyNewOnFailure || strategies[strategy]?.comparesWithBaseline === true;
}

async function destroy(context: StageContext, before: Before): Promise<Message[]> {
  const { account, region, created } = before;
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(before, context.signal);
  const out = groups.filter((group) => created.includes(group.name) && !group.enabled);
  return Promise.all(
    out.map(async ({ name: serverGroup }) => {
      await provider.destroyServerGroup(
        { id: `${context.stage.id}:destroyNew:${region}:${serverGroup}`, fence: context.fence },
        { region, name: serverGroup },
      );
      return message('engine.deploy.newDestroyed', { serverGroup, region });
    }),
  );
}
