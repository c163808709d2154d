import { z } from 'zod';
import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { healthyIn, unitsOf } from '@/server/domain/units';
import { lastWords } from '@/server/engine/clusters/instance-log';
import {
  awaitPlatform,
  elapsedMs,
  type GroupTarget,
  isLate,
  readGroup,
} from '@/server/engine/clusters/target';
import type { StageContext, Task, TaskResult } from '@/server/engine/stages/stage';

/** A new group may take so long to appear in what the platform lists. */
const APPEARS_WITHIN_MS = 15_000;
/** Restarts without one healthy moment, after which an instance is not going to make it. */
const CRASH_LOOP_RESTARTS = 3;
/** What a platform calls hopeless for a moment only may come right; so long, it is believed. */
const BELIEVED_AFTER_MS = 5_000;

const blockedSchema = z.object({ instance: z.string(), since: z.iso.datetime() });
type Blocked = z.infer<typeof blockedSchema>;
type Failure = 'engine.health.blocked' | 'engine.health.crashLoop' | 'engine.health.late';

/** The same said of a group without instances. */
const OF_FUNCTIONS: Readonly<Record<Failure, string>> = {
  'engine.health.blocked': 'engine.health.notCallable',
  'engine.health.crashLoop': 'engine.health.notCallable',
  'engine.health.late': 'engine.health.callableLate',
};

/** Waits until all instances of the group are healthy, or until it is plain that they will not be. */
export const waitHealthy: Task<GroupTarget> = {
  name: 'waitHealthy',
  async run(context) {
    const group = await readGroup(context);
    if (!group) return missing(context);
    const healthy = healthyIn(group);
    const wanted = group.capacity.desired;
    if (healthy >= wanted)
      return {
        status: 'succeeded',
        outputs: { healthy },
        log: [
          group.serverless
            ? message('engine.did.callable')
            : message('engine.did.healthy', { healthy, wanted }),
        ],
      };
    const everHealthy = context.stage.outputs.everHealthy === true || healthy > 0;
    const restarts = Math.max(0, ...unitsOf(group).map((instance) => instance.restarts));
    if (!everHealthy && restarts >= CRASH_LOOP_RESTARTS)
      return failed(context, group, 'engine.health.crashLoop', restarts);
    const blocked = blockedIn(context, group);
    if (blocked && blockedMs(context, blocked) >= BELIEVED_AFTER_MS)
      return failed(context, group, 'engine.health.blocked', restarts);
    if (isLate(context)) return failed(context, group, 'engine.health.late', restarts);
    return stillWaiting(context, group, everHealthy, blocked);
  },
};

/** The instance that is blocked and since when; that of the look before, if it still is. */
function blockedIn({ stage, services }: StageContext<GroupTarget>, group: ServerGroup): Blocked | null {
  const before = blockedSchema.safeParse(stage.outputs.blocked).data;
  const now = unitsOf(group).filter((instance) => instance.blocked !== undefined);
  if (before && now.some(({ id }) => id === before.instance)) return before;
  const [first] = now;
  return first ? { instance: first.id, since: services.clock.now().toISOString() } : null;
}

function blockedMs({ services }: StageContext, { since }: Blocked): number {
  return services.clock.now().getTime() - Date.parse(since);
}

function stillWaiting(
  context: StageContext<GroupTarget>,
  group: ServerGroup,
  everHealthy: boolean,
  blocked: Blocked | null,
): TaskResult {
  const reason = worstReason(group);
  const values = { healthy: healthyIn(group), wanted: group.capacity.desired, reason };
  const ofInstances = reason ? 'engine.wait.healthyBut' : 'engine.wait.healthy';
  const answer = awaitPlatform(context, group.serverless ? 'engine.wait.callable' : ofInstances, values, {
    ...(blocked || context.stage.outputs.blocked ? { blocked } : {}),
    ...(everHealthy ? { everHealthy } : {}),
  });
  if (!blocked || answer.status !== 'running') return answer;
  const left = BELIEVED_AFTER_MS - blockedMs(context, blocked);
  return { ...answer, retryAfterMs: Math.min(answer.retryAfterMs, left) };
}

/** The end, with what the platform says about the instances and the last that the worst one wrote. */
async function failed(
  context: StageContext<GroupTarget>,
  group: ServerGroup,
  key: Failure,
  restarts: number,
): Promise<TaskResult> {
  const { serverGroup, region } = context.config;
  const worst = worstInstance(group);
  const { log, telling } = worst ? await lastWords(context, group, worst) : { log: [], telling: '' };
  const reason = worstReason(group);
  return {
    status: 'failed',
    error: message(group.serverless ? OF_FUNCTIONS[key] : key, {
      serverGroup,
      region,
      healthy: healthyIn(group),
      wanted: group.capacity.desired,
      restarts,
      reason: telling === '' || reason.includes(telling) ? reason : `${reason} ${telling}`.trim(),
    }),
    log,
  };
}

function missing(context: StageContext<GroupTarget>): TaskResult {
  const { serverGroup, region } = context.config;
  if (elapsedMs(context) > APPEARS_WITHIN_MS) {
    return { status: 'errored', error: message('engine.health.missing', { serverGroup, region }) };
  }
  return awaitPlatform(context, 'engine.wait.appears');
}

/** One that waiting will not help, else one that crashed most often, else any that is not well. */
function worstInstance(group: ServerGroup): Instance | undefined {
  const ill = unitsOf(group).filter((instance) => instance.health !== 'healthy');
  return (
    ill.find((instance) => instance.blocked !== undefined) ??
    ill.toSorted((a, b) => b.restarts - a.restarts)[0]
  );
}

/** What the platform says about the instances that are not well; the worst one that it speaks of speaks for all. */
export function worstReason(group: ServerGroup): string {
  const worst = worstInstance(group);
  const spoken = unitsOf(group).find((instance) => instance.health !== 'healthy' && instance.reason !== null);
  return worst?.blocked ?? spoken?.reason ?? '';
}
