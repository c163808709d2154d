import type { Toggle } from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { definitionChanges } from '@/server/services/toggles/changes';
import type { ImportPlan } from '@/server/services/toggles/import-plan';
import { readStandings } from '@/server/services/toggles/standings';
import type { ToggleWorld } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';

type FlagChange = NonNullable<FlagImport['flags'][number]['change']>;

interface Comparing {
  readonly environment: string;
  readonly world: ToggleWorld;
  readonly plan: ImportPlan;
  readonly now: Date;
}

/** What people get otherwise once a file is imported, by the keys of the flags that are new or change. */
export async function importChanges(
  db: Reader,
  { environment, world, plan, now }: Comparing,
): Promise<ReadonlyMap<string, FlagChange>> {
  const standing = await readStandings(db, world, now);
  const planned = { ...world, toggles: plan.toggles, segments: plan.planned.segments };
  const then = await readStandings(db, planned, now);
  const changeOf = (toggle: Toggle): FlagChange | null => {
    const { key } = toggle;
    const after = toggle.environments[environment];
    if (!after) return null;
    const known = world.toggles.get(key);
    const kept = known?.environments[environment];
    const before = known && kept ? settled(known, kept, now) : null;
    return {
      before,
      after,
      changes: definitionChanges(before, after),
      sentenceBefore: before && standing.serving(key, environment).sentence,
      sentenceAfter: then.serving(key, environment).sentence,
    };
  };
  return new Map(
    plan.changed.flatMap((toggle) => {
      const change = changeOf(toggle);
      return change ? [[toggle.key, change] as const] : [];
    }),
  );
}
