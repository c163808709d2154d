import { and, eq, inArray } from 'drizzle-orm';
import { artifacts } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Reader } from '@/server/services/shared/reader';

interface Place {
  readonly name: string;
  readonly artifact: string;
}

/** A version in the form that each environment runs, by environment; one that is not there in that form has none. */
export async function readForms(
  db: Reader,
  places: readonly Place[],
  delivered: ArtifactRef,
): Promise<ReadonlyMap<string, ArtifactRef>> {
  const names = new Set(places.map(({ artifact }) => artifact));
  names.delete(delivered.name);
  const others =
    names.size === 0
      ? []
      : await db
          .select({ name: artifacts.name, version: artifacts.version, digest: artifacts.digest })
          .from(artifacts)
          .where(and(inArray(artifacts.name, [...names]), eq(artifacts.version, delivered.version)));
  const forms = [delivered, ...others];
  return new Map(
    places.flatMap((place) => {
      const form = forms.find(({ name }) => name === place.artifact);
      return form ? [[place.name, form] as const] : [];
    }),
  );
}
