import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '@/server/domain/message';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { shareOf } from '@/server/toggles/rules/shares';

/** What differs between two definitions, in words, the most telling first; empty when nothing does. */
export function definitionChanges(
  before: ToggleDefinition | null,
  after: ToggleDefinition | null,
): Message[] {
  if (!before) return after ? [message('toggle.change.appeared', { on: String(after.on) })] : [];
  if (!after) return [message('toggle.change.disappeared')];
  const differs = (field: keyof ToggleDefinition) => !isDeepStrictEqual(before[field], after[field]);
  return [
    ...(differs('on') ? [message(after.on ? 'toggle.change.on' : 'toggle.change.off')] : []),
    ...(differs('targeting') ? [targetingChange(before, after)] : []),
    ...(differs('defaultVariant')
      ? [message('toggle.change.default', fromTo(before.defaultVariant, after.defaultVariant))]
      : []),
    ...(differs('offVariant')
      ? [message('toggle.change.offVariant', fromTo(before.offVariant, after.offVariant))]
      : []),
    ...(differs('prerequisites')
      ? [message('toggle.change.prerequisites', { count: after.prerequisites.length })]
      : []),
    ...(differs('versionRequirement') ? [versionChange(after)] : []),
    ...(differs('schedule') ? [message('toggle.change.schedule', { count: after.schedule.length })] : []),
  ];
}

/** What differs between two records of a toggle, in words. */
export function detailChanges(before: ToggleDetails | null, after: ToggleDetails | null): Message[] {
  if (!before || !after) return [message(after ? 'toggle.change.created' : 'toggle.change.removed')];
  const fields = (Object.keys(after) as (keyof ToggleDetails)[]).filter(
    (field) => field !== 'archived' && !isDeepStrictEqual(before[field], after[field]),
  );
  const archived =
    before.archived === after.archived
      ? []
      : [message(after.archived ? 'toggle.change.archived' : 'toggle.change.restored')];
  return [...archived, ...fields.map((field) => message(`toggle.field.${field}`))];
}

/** A percentage that moved says more than “the rules”. */
function targetingChange(before: ToggleDefinition, after: ToggleDefinition): Message {
  const [one, other] = [before, after].map(({ targeting }) => fromTargeting(targeting));
  if (!one || !other || one.rules.length + other.rules.length > 0 || other.otherwise?.kind !== 'split') {
    return message('toggle.change.rules', { count: other?.rules.length ?? 0 });
  }
  const split = other.otherwise;
  const variant = split.buckets.find((bucket) => bucket.variant !== after.defaultVariant)?.variant ?? '';
  const { weight, total } = shareOf(split, variant);
  const percent = total === 0 ? 0 : (weight / total) * 100;
  const was = one.otherwise?.kind === 'split' ? shareOf(one.otherwise, variant) : null;
  const from =
    was && was.total > 0 ? (was.weight / was.total) * 100 : before.defaultVariant === variant ? 100 : 0;
  return message('toggle.change.percent', { variant, from: rounded(from), to: rounded(percent) });
}

function versionChange({ versionRequirement }: ToggleDefinition): Message {
  if (!versionRequirement) return message('toggle.change.noVersion');
  const { application, minimum } = versionRequirement;
  return message('toggle.change.version', { application, minimum });
}

function fromTo(before: string | null, after: string | null): Record<string, string> {
  return { from: before ?? '—', to: after ?? '—' };
}

function rounded(percent: number): number {
  return Number(percent.toFixed(3));
}
