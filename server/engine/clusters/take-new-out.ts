import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import { servingInstances } from '@/server/domain/guard';
import { type Message, message } from '@/server/domain/message';
import { clusterTargetShape } from '@/server/engine/clusters/target';
import type { StageContext, Task } from '@/server/engine/stages/stage';

const createdSchema = z.object({ ...clusterTargetShape, serverGroup: z.string() });
type Created = z.infer<typeof createdSchema>;

/** After a failed deploy: the new group leaves traffic wherever an older one still serves. */
export const takeNewGroupsOut: Task = {
  name: 'takeNewGroupsOut',
  async run(context) {
    const created = await context.services.db
      .select({ config: stages.config })
      .from(stages)
      .where(and(eq(stages.parentId, context.stage.id), eq(stages.type, 'createServerGroup')));
    const told = await Promise.all(created.map((row) => takeOut(context, createdSchema.parse(row.config))));
    return { status: 'succeeded', log: told.flat() };
  },
};

async function takeOut(context: StageContext, target: Created): Promise<Message[]> {
  const { account, region, serverGroup } = target;
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(target, context.signal);
  const created = groups.find((group) => group.name === serverGroup);
  if (!created?.enabled)
    return created ? [message('engine.deploy.newStaysOut', { serverGroup, region })] : [];
  const othersServe = groups.some((group) => group.name !== serverGroup && servingInstances(group) > 0);
  if (!othersServe) return [message('engine.deploy.newStaysIn', { serverGroup, region })];
  await provider.disableServerGroup(
    { id: `${context.stage.id}:takeOut:${region}`, fence: context.fence },
    { region, name: serverGroup },
  );
  return [message('engine.deploy.newTakenOut', { serverGroup, region })];
}
