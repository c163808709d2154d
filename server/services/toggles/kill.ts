import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import {
  flagKeySchema,
  type Toggle,
  type ToggleDefinition,
  toggleDefinitionSchema,
} from '@/server/domain/toggles';
import { requestCancel } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { runtime } from '@/server/services/runtime';
import { readRamps } from '@/server/services/toggles/ramps';
import { tellOfToggle } from '@/server/services/toggles/tell';
import { findLiveToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import { loadToggleWorld, readDefinition, type StateRow } from '@/server/toggle-state/load';
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
 * Off at once, everywhere or in one environment, and off it stays: what was scheduled is dropped, requests that wait are
 * outrun, ramps end, and pipelines that were begun do not switch it on; where it is off already, too. Allowed where review is
 * demanded, and never refused for what is wrong elsewhere.
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
    const states = [...world.states, ...world.unreadable].filter(
      (one) => one.toggle === key && (environment === undefined || one.environment === environment),
    );
    if (!toggle || states.length === 0) {
      throw new AppError('not_found', `“${key}” does not stand in ${environment ?? 'any environment'}.`);
    }
    const off: { environment: string; changeId: string }[] = [];
    const changes: string[] = [];
    for (const state of states) {
      const { definition, wasOff } = killed(toggle, state, at);
      // Also what changes nothing: its revision and its place in the history stop what waits.
      const { changeId } = await writeState(tx, {
        toggle: key,
        application: row.application,
        environment: state.environment,
        before: state,
        definition,
        by: actor.name,
        at,
        reason,
      });
      changes.push(String(changeId));
      if (!wasOff) off.push({ environment: state.environment, changeId: String(changeId) });
    }
    const names = off.map((one) => one.environment);
    const ramps = await readRamps(tx, key);
    for (const { environment: place } of states) {
      const ramp = ramps.get(place);
      if (ramp) await requestCancel(tx, ramp.executionId, actor.name, reason);
    }
    const alreadyOff = states.map((one) => one.environment).filter((name) => !names.includes(name));
    const [first] = off;
    if (first)
      await tellOfToggle(
        tx,
        {
          event: 'toggle.killed',
          at: at.toISOString(),
          key: `toggle.killed ${first.changeId}`,
          toggle: { key, name: row.name, application: row.application },
          environments: off.map((one) => one.environment),
          by: actor.name,
          reason,
          executionId: null,
        },
        runtime().env.SIGNALBOX_URL,
      );
    await recordAudit(tx, actor, {
      action: 'toggle.kill',
      application: row.application,
      subject: key,
      reason,
      // The history tells by these that it was the kill switch.
      after: { killed: names, alreadyOff, changes, everywhere: environment === undefined },
    });
    return { killed: off, alreadyOff };
  });
}

/** The definition that is off for good, and whether it was so already. */
function killed(
  toggle: Toggle,
  state: StateRow,
  now: Date,
): { readonly definition: ToggleDefinition; readonly wasOff: boolean } {
  const kept = readDefinition(state.definition);
  // Nobody knows what it serves off, so that is left to the code.
  if (!kept)
    return { definition: toggleDefinitionSchema.parse({ on: false, defaultVariant: null }), wasOff: false };
  const current = settled(toggle, kept, now);
  const wasOff = !current.on && current.schedule.length === 0;
  return { definition: { ...current, on: false, schedule: [] }, wasOff };
}
