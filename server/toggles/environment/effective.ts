import type { ScheduledChange, Toggle, ToggleDefinition } from '@/server/domain/toggles';

/** How a definition stands at one moment, after its schedule and the toggle's expiry. */
export interface Effective {
  readonly definition: ToggleDefinition;
  /** The newest change of the schedule that has come. */
  readonly applied: ScheduledChange | null;
  /** The next one to come. */
  readonly next: ScheduledChange | null;
  /** The moment at which the toggle switched itself off. */
  readonly expiredAt: string | null;
  /** When any of this changes next by itself. */
  readonly nextChangeAt: Date | null;
}

/** @param definition of one environment of the toggle. */
export function effectiveDefinition(
  toggle: Pick<Toggle, 'expiresAt' | 'onExpiry'>,
  definition: ToggleDefinition,
  now: Date,
): Effective {
  const time = ({ at }: ScheduledChange) => Date.parse(at);
  const changes = definition.schedule.toSorted((a, b) => time(a) - time(b));
  const past = changes.filter((change) => time(change) <= now.getTime());
  const next = changes.find((change) => time(change) > now.getTime()) ?? null;
  const scheduled = past.reduce((whole, { set }) => ({ ...whole, ...set }), definition);
  const expiry = toggle.onExpiry === 'off' ? toggle.expiresAt : null;
  const isExpired = expiry !== null && Date.parse(expiry) <= now.getTime();
  const coming = [...(next ? [time(next)] : []), ...(expiry && !isExpired ? [Date.parse(expiry)] : [])];
  return {
    definition: isExpired ? { ...scheduled, on: false } : scheduled,
    applied: past.at(-1) ?? null,
    next,
    expiredAt: isExpired ? expiry : null,
    nextChangeAt: coming.length > 0 ? new Date(Math.min(...coming)) : null,
  };
}
