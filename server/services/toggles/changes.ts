import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '@/server/domain/message';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { keepsOff } from '@/server/toggle-state/stopped';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { shareOf } from '@/server/toggles/rules/shares';

/** What differs between two definitions, in words, the most telling first; empty when nothing does. */
export function definitionChanges(
  before: ToggleDefinition | null,
  after: ToggleDefinition | null,
): Message[] {
  if (!before) return after ? [message('toggle.change.appeared', { on: String(after.on) })] : [];
  if (!after) return [message('toggle.change.disappeared')];
  if (isDeepStrictEqual(before, after) && keepsOff(before, after)) return [message('toggle.change.keptOff')];
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
  const splits = [other, one].flatMap((list) => (list?.otherwise?.kind === 'split' ? [list.otherwise] : []));
  // The first is the one that is rolled out; the others take the rest.
  const variant = splits[0]?.buckets[0]?.variant;
  const [from, to] = variant ? [before, after].map((definition) => percentOf(definition, variant)) : [];
  if (variant === undefined || from == null || to == null) {
    return message('toggle.change.rules', { count: other?.rules.length ?? 0 });
  }
  return message('toggle.change.percent', { variant, from, to });
}

/** Of all people; null where rules decide. */
function percentOf({ targeting, defaultVariant }: ToggleDefinition, variant: string): number | null {
  const list = fromTargeting(targeting);
  if (!list || list.rules.length > 0) return null;
  if (list.otherwise?.kind !== 'split') return defaultVariant === variant ? 100 : 0;
  const { weight, total } = shareOf(list.otherwise, variant);
  return total === 0 ? 0 : Number(((weight / total) * 100).toFixed(3));
}

function versionChange({ versionRequirement }: ToggleDefinition): Message {
  if (!versionRequirement) return message('toggle.change.noVersion');
  const { application, minimum } = versionRequirement;
  return message('toggle.change.version', { application, minimum });
}

function fromTo(before: string | null, after: string | null): Record<string, string> {
  return { from: before ?? '—', to: after ?? '—' };
}
