import { z } from 'zod';
import { clusterSlotKey } from '@/server/domain/cluster-slot';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { wakeKey } from '@/server/engine/queue/wake';
import type { Slot, StageContext, TaskResult } from '@/server/engine/stages/stage';
import type { Operation, Provider } from '@/server/providers/provider';

/** Ten minutes: longer starts are rare, and a person should know sooner than after hours. */
const DEFAULT_TIMEOUT_SECONDS = 600;

const LOOK_AGAIN_MS = 100;
/**
 * For what the platform tells by itself: a look is only the safety net, and ten thousand stages that wait
 * must not keep a worker busy with looking.
 */
const PUSHED_MS = 15_000;

/** Which cluster a stage acts on. */
export const clusterTargetShape = {
  account: z.string(),
  region: z.string(),
  application: z.string(),
  cluster: z.string(),
};

/** Which server group, and for how long its state is awaited. */
export const groupTargetShape = {
  ...clusterTargetShape,
  serverGroup: z.string(),
  timeoutSeconds: z.number().int().positive().default(DEFAULT_TIMEOUT_SECONDS),
};
export const groupTargetSchema = z.object(groupTargetShape);
export type GroupTarget = z.infer<typeof groupTargetSchema>;

/** The groups of the cluster as the platform has them at this moment, oldest first. */
export async function readCluster(context: StageContext<ClusterRef>): Promise<ServerGroup[]> {
  const provider = await context.services.provider(context.config.account);
  return provider.describeCluster(context.config, context.signal);
}

export async function readGroup(context: StageContext<GroupTarget>): Promise<ServerGroup | undefined> {
  const groups = await readCluster(context);
  return groups.find((group) => group.name === context.config.serverGroup);
}

/**
 * Asks the platform for a change.
 * @param verb names the change within the stage; a retry asks with the same operation id.
 */
export async function operate<T>(
  context: StageContext<{ readonly account: string }>,
  verb: string,
  act: (provider: Provider, operation: Operation) => Promise<T>,
): Promise<T> {
  const provider = await context.services.provider(context.config.account);
  return act(provider, { id: `${context.stage.id}:${verb}`, fence: context.fence });
}

/** The answer of a task that waits for the platform. A notice about the cluster wakes it earlier. */
export function awaitPlatform(
  context: StageContext<GroupTarget>,
  key: string,
  values: Record<string, string | number> = {},
  outputs?: Record<string, unknown>,
): TaskResult {
  const { account, region, cluster, serverGroup } = context.config;
  const left = deadline(context).getTime() - context.services.clock.now().getTime();
  return {
    status: 'running',
    // Not much beyond the deadline, which is then told in time.
    retryAfterMs: Math.min(pollMs(elapsedMs(context), PUSHED_MS), Math.max(LOOK_AGAIN_MS, left)),
    wakeOn: wakeKey(account, region, cluster),
    waiting: {
      kind: 'platform',
      reason: message(key, { serverGroup, region, ...values }),
      until: deadline(context).toISOString(),
      who: [],
    },
    ...(outputs ? { outputs } : {}),
  };
}

export function isLate(context: StageContext<GroupTarget>): boolean {
  return context.services.clock.now() >= deadline(context);
}

export function elapsedMs(context: StageContext): number {
  return context.services.clock.now().getTime() - context.stage.startedAt.getTime();
}

function deadline(context: StageContext<GroupTarget>): Date {
  return new Date(context.stage.startedAt.getTime() + context.config.timeoutSeconds * 1_000);
}

/** Looks often at first, because most waits are short, and then every five seconds, or as seldom as said. */
export function pollMs(elapsed: number, seldomMs = 5_000): number {
  return Math.min(seldomMs, Math.max(LOOK_AGAIN_MS, Math.round(elapsed / 8)));
}

/** One deploy or rollback at a time changes a cluster; two would plan over each other's groups. */
export function clusterSlot(account: string, cluster: string, untilCleanedUp = true): Slot {
  return {
    key: clusterSlotKey(account, cluster),
    untilCleanedUp,
    waiting: message('engine.wait.slot', { cluster }),
  };
}
