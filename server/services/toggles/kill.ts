import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { flagKeySchema } from '@/server/domain/toggles';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findLiveToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import { loadToggleWorld } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';
import { lockToggles, writeState } from '@/server/toggle-state/write';

export const killInput = z.object({
  key: flagKeySchema,
  /** All of them when left out. */
  environment: z.string().optional(),
  reason: z.string().trim().min(1, 'say why, for those who wonder later').max(2_000),
});

export interface KilledToggle {
  /** Where it was on, and is off now. */
  readonly killed: readonly { readonly environment: string; readonly changeId: string }[];
  readonly alreadyOff: readonly string[];
}

/**
 * Off at once, everywhere or in one environment, and off it stays: what was scheduled is dropped. Allowed where review
 * is demanded, and never refused for what is wrong elsewhere.
 */
export async function killToggle(
  ctx: ServiceContext,
  { key, environment, reason }: z.output<typeof killInput>,
): Promise<KilledToggle> {
  const actor = requirePermission(ctx, 'toggle.write');
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const environments = await lockToggles(tx);
    const row = await findLiveToggle(tx, key);
    if (environment !== undefined) requireToggleEnvironment(environments, environment);
    const world = await loadToggleWorld(tx);
    const toggle = world.toggles.get(key);
    const states = world.states.filter(
      (one) => one.toggle === key && (environment === undefined || one.environment === environment),
    );
    if (!toggle || states.length === 0) {
      throw new AppError('not_found', `“${key}” does not stand in ${environment ?? 'any environment'}.`);
    }
    const killed: { environment: string; changeId: string }[] = [];
    for (const state of states) {
      const current = settled(toggle, state.definition, at);
      if (!current.on && current.schedule.length === 0) continue;
      const { changeId } = await writeState(tx, {
        toggle: key,
        application: row.application,
        environment: state.environment,
        before: state,
        definition: { ...current, on: false, schedule: [] },
        by: actor.name,
        at,
        reason,
      });
      killed.push({ environment: state.environment, changeId: String(changeId) });
    }
    const names = killed.map((one) => one.environment);
    const alreadyOff = states.map((one) => one.environment).filter((name) => !names.includes(name));
    await recordAudit(tx, actor, {
      action: 'toggle.kill',
      application: row.application,
      subject: key,
      reason,
      after: { killed: names, alreadyOff },
    });
    return { killed, alreadyOff };
  });
}
