import { isDeepStrictEqual } from 'node:util';
import { asc } from 'drizzle-orm';
import { applications } from '@/db/schema';
import type {
  FlagIssue,
  ScheduledChange,
  Targeting,
  ToggleDefinition,
  VersionRequirement,
} from '@/server/domain/toggles';
import type { Reader } from '@/server/toggle-state/load';
import { isVersion } from '@/server/toggles/environment/version-requirement';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { shareOf } from '@/server/toggles/rules/shares';
import { refusal } from '@/server/toggles/validate';

/**
 * Refuses what a change brings into a definition and could never do what was meant. What stood there before is left
 * alone, so that an old mistake never keeps anybody from switching.
 * @throws AppError unprocessable with `details.issues`.
 */
export async function requireMeaningful(
  db: Reader,
  current: ToggleDefinition | null,
  next: ToggleDefinition,
): Promise<void> {
  const differs = (field: keyof ToggleDefinition) => !isDeepStrictEqual(current?.[field], next[field]);
  const { versionRequirement, schedule } = next;
  const issues = [
    ...(versionRequirement && differs('versionRequirement')
      ? await versionIssues(db, versionRequirement)
      : []),
    ...(differs('targeting') ? splitIssues(next.targeting, 'targeting') : []),
    ...(differs('schedule')
      ? schedule.flatMap(({ set }, at) => splitIssues(set.targeting ?? null, `schedule[${at}].set.targeting`))
      : []),
    ...(differs('schedule') ? scheduleIssues(schedule) : []),
  ];
  if (issues.length > 0) throw refusal(issues);
}

async function versionIssues(db: Reader, { application, minimum }: VersionRequirement): Promise<FlagIssue[]> {
  const rows = await db
    .select({ name: applications.name })
    .from(applications)
    .orderBy(asc(applications.name));
  const names = rows.map(({ name }) => name);
  const known = names.length > 0 ? `Applications: ${names.slice(0, 10).join(', ')}` : 'There is none yet';
  return [
    ...(names.includes(application)
      ? []
      : [
          {
            path: 'versionRequirement.application',
            message: `there is no application “${application}”. ${known}`,
          },
        ]),
    ...(isVersion(minimum)
      ? []
      : [
          {
            path: 'versionRequirement.minimum',
            message: `“${minimum}” is no version, so no version would ever be late enough; write it like 1.2.0`,
          },
        ]),
  ];
}

/** flagd reads such a split, and gives everyone the default without a word. */
function splitIssues(targeting: Targeting | null, path: string): FlagIssue[] {
  const list = fromTargeting(targeting);
  const serves = list ? [...list.rules.map(({ serve }) => serve), list.otherwise] : [];
  const isEmpty = serves.some((serve) => serve?.kind === 'split' && shareOf(serve, '').total === 0);
  return isEmpty
    ? [{ path, message: 'has a split that gives weight to nobody; at least one weight must be above 0' }]
    : [];
}

/** At one moment nobody could say which of the two comes last. */
function scheduleIssues(schedule: readonly ScheduledChange[]): FlagIssue[] {
  return schedule.flatMap((one, index) => {
    const other = schedule.findIndex((earlier, at) => at < index && contradict(earlier, one));
    if (other < 0) return [];
    const message = `says something else than schedule[${other}] for the same moment, ${one.at}; choose another time, or take one of them out`;
    return [{ path: `schedule[${index}]`, message }];
  });
}

function contradict(one: ScheduledChange, other: ScheduledChange): boolean {
  if (Date.parse(one.at) !== Date.parse(other.at)) return false;
  const fields = ['on', 'defaultVariant', 'targeting'] as const;
  return fields.some(
    (field) =>
      one.set[field] !== undefined &&
      other.set[field] !== undefined &&
      !isDeepStrictEqual(one.set[field], other.set[field]),
  );
}
