import type { ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
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

/** Waits until all instances of the group are healthy, or until it is plain that they will not be. */
export const waitHealthy: Task<GroupTarget> = {
  name: 'waitHealthy',
  async run(context) {
    const group = await readGroup(context);
    if (!group) return missing(context);
    const healthy = group.instances.filter((instance) => instance.health === 'healthy').length;
    const wanted = group.capacity.desired;
    if (healthy >= wanted)
      return {
        status: 'succeeded',
        outputs: { healthy },
        log: [message('engine.did.healthy', { healthy, wanted })],
      };
    const { serverGroup, region } = context.config;
    const reason = worstReason(group);
    const values = { serverGroup, region, healthy, wanted, reason };
    const everHealthy = context.stage.outputs.everHealthy === true || healthy > 0;
    const restarts = Math.max(0, ...group.instances.map((instance) => instance.restarts));
    if (!everHealthy && restarts >= CRASH_LOOP_RESTARTS) {
      return { status: 'failed', error: message('engine.health.crashLoop', { ...values, restarts }) };
    }
    if (isLate(context)) return { status: 'failed', error: message('engine.health.late', values) };
    return awaitPlatform(
      context,
      reason ? 'engine.wait.healthyBut' : 'engine.wait.healthy',
      values,
      everHealthy ? { everHealthy } : undefined,
    );
  },
};

function missing(context: StageContext<GroupTarget>): TaskResult {
  const { serverGroup, region } = context.config;
  if (elapsedMs(context) > APPEARS_WITHIN_MS) {
    return { status: 'errored', error: message('engine.health.missing', { serverGroup, region }) };
  }
  return awaitPlatform(context, 'engine.wait.appears');
}

/** What the platform says about the instances that are not well; the first one speaks for all. */
export function worstReason(group: ServerGroup): string {
  const spoken = group.instances.find(
    (instance) => instance.health !== 'healthy' && instance.reason !== null,
  );
  return spoken?.reason ?? '';
}
