import { message } from '@/server/domain/message';
import type { Toggle } from '@/server/domain/toggles';
import type { StaleReason } from '@/server/domain/views/toggles';
import { latest, placeKey, type Uses, type VariantUse } from '@/server/services/toggles/uses';
import type { StateRow, ToggleRow } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';

const DAY_MS = 86_400_000;

/** After how many days of a toggle's life a fact about it is a reason to look at it. */
export const STALE_AFTER_DAYS = 14;

interface Facts {
  readonly row: ToggleRow;
  readonly toggle: Toggle;
  readonly states: readonly StateRow[];
  readonly uses: Uses;
  readonly now: Date;
  readonly days: number;
}

/** Why a toggle should be cleaned up, from facts alone. Switches for trouble and permissions are meant to stay. */
export function staleReasons(facts: Facts): StaleReason[] {
  const { row, now } = facts;
  const expired =
    row.expiresAt && row.expiresAt <= now ? [reason('expired', null, row.expiresAt.toISOString(), {})] : [];
  const stays = row.kind === 'operational' || row.kind === 'permission';
  return [...expired, ...unused(facts), ...(stays ? [] : settledReasons(facts))];
}

function unused({ row, states, uses, now, days }: Facts): StaleReason[] {
  const all = states.flatMap(({ environment }) => uses.get(placeKey(row.key, environment)) ?? []);
  const last = latest(all.map(({ lastAt }) => lastAt));
  const limit = now.getTime() - days * DAY_MS;
  if (last === null) {
    const since = row.createdAt.toISOString();
    return row.createdAt.getTime() > limit ? [] : [reason('neverUsed', null, since, {})];
  }
  return Date.parse(last) > limit ? [] : [reason('notEvaluated', null, last, {})];
}

/** What has served one and the same for long, although its kind says that it would be decided. */
function settledReasons({ row, toggle, states, uses, now, days }: Facts): StaleReason[] {
  const limit = now.getTime() - days * DAY_MS;
  return states.flatMap((state): StaleReason[] => {
    const { environment } = state;
    const use = uses.get(placeKey(row.key, environment)) ?? [];
    const definition = settled(toggle, state.definition, now);
    const isPlain = !definition.targeting && definition.prerequisites.length === 0;
    if (definition.on && isPlain && !definition.versionRequirement && state.updatedAt.getTime() <= limit) {
      const variant = definition.defaultVariant ?? '';
      return [reason('onForAll', environment, state.updatedAt.toISOString(), { variant })];
    }
    const since = definition.on ? oneSidedSince(use, limit) : null;
    if (!since) return [];
    return [reason('oneSided', environment, since.at, { variant: since.variant ?? '' })];
  });
}

/** Since when nothing but one variant has been served; null when that is not long enough, or not so. */
function oneSidedSince(
  use: readonly VariantUse[],
  limit: number,
): { at: string; variant: string | null } | null {
  const served = use.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
  const [only, other] = served;
  // Not served lately is another reason.
  if (!only || Date.parse(only.lastAt) <= limit) return null;
  const at = other?.lastAt ?? only.firstHour;
  return Date.parse(at) <= limit ? { at, variant: only.variant } : null;
}

function reason(
  kind: StaleReason['kind'],
  environment: string | null,
  since: string,
  values: Record<string, string>,
): StaleReason {
  const place: Record<string, string> = environment === null ? {} : { environment };
  return {
    kind,
    environment,
    since,
    sentence: message(`toggle.stale.${kind}`, { at: Date.parse(since), ...place, ...values }),
  };
}
