import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Imported, importSpinnaker } from '@/server/interchange/spinnaker/pipeline';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import { foreign } from '@/server/interchange/spinnaker/testing/foreign';
import { delivery, KNOWN, operations, TARGET } from '@/server/interchange/spinnaker/testing/pipelines';
import { pipelineIssues } from '@/server/services/pipelines/validate';

/** Whatever a document says is in the result or in the report. */

type Json = Record<string, unknown>;

/** Where something may be said: the document itself, and every part in a list of it. */
const LISTS = ['stages', 'triggers', 'parameterConfig', 'notifications', 'expectedArtifacts'] as const;
const PART_OF = {
  stages: 'stage',
  triggers: 'trigger',
  parameterConfig: 'parameter',
  notifications: 'notification',
  expectedArtifacts: 'artifact',
} as const;
const places = [delivery, operations, foreign].flatMap((document) => [
  { document, list: null, index: 0 },
  ...LISTS.flatMap((list) => {
    const parts: unknown = Object.hasOwn(document, list) ? (document as Json)[list] : [];
    return (Array.isArray(parts) ? parts : []).map((_part, index) => ({ document, list, index }));
  }),
]);
type Place = (typeof places)[number];

/** The part itself, in a copy of the document. */
function copied({ document, list, index }: Place): { readonly copy: Json; readonly part: Json } {
  const copy = structuredClone(document) as Json;
  // Built above from these very lists.
  return { copy, part: list === null ? copy : ((copy[list] as Json[])[index] as Json) };
}

function notesOf(imported: Imported, { list, index }: Place) {
  const part = list === null ? 'pipeline' : PART_OF[list];
  const entries = imported.report.filter((entry) => entry.part === part);
  return entries[index]?.notes ?? [];
}

describe('nothing is dropped in silence', () => {
  it('whatever else a part says is reported with its name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.string({ minLength: 1 }).map((text) => `zz${text}`),
        fc.jsonValue(),
        (place, key, value) => {
          const { copy, part } = copied(place);
          part[key] = value;
          expect(notesOf(importSpinnaker(copy, TARGET), place).map(({ path }) => path)).toContain(key);
        },
      ),
    );
  });

  it('whatever a part said otherwise changes the pipeline, or is in the report', () => {
    for (const place of places) {
      const before = JSON.stringify(importSpinnaker(copied(place).copy, TARGET));
      for (const key of Object.keys(copied(place).part)) {
        if (place.list === null && (LISTS as readonly string[]).includes(key)) continue;
        const { copy, part } = copied(place);
        part[key] = { odd: 'one' };
        const imported = importSpinnaker(copy, TARGET);
        const told = notesOf(imported, place).some(({ path }) => path === key || path.startsWith(`${key}.`));
        expect(told || JSON.stringify(imported) !== before, `${place.list} ${place.index} ${key}`).toBe(true);
      }
    }
  });

  it('whatever the document is, it is imported into something valid or refused with a sentence', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.nat(), fc.jsonValue(), (place, at, value) => {
        const { copy, part } = copied(place);
        const keys = Object.keys(part);
        const key = keys[at % keys.length];
        if (key !== undefined) part[key] = value;
        try {
          importSpinnaker(copy, TARGET);
        } catch (error) {
          expect(error).toBeInstanceOf(Unmappable);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const SAMPLES = '../shared/reference/samples';

/** Real pipelines of others are not kept here; where a folder of them stands beside the checkout, all must come in. */
const published = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((file) => file.endsWith('.json')) : [];

for (const file of published) {
  const json = JSON.parse(readFileSync(`${SAMPLES}/${file}`, 'utf8')) as Json;
  if (!Array.isArray(json.stages)) continue;
  it(`${file} is imported, and each of its parts is reported`, () => {
    const imported = importSpinnaker(json, TARGET);
    expect(pipelineIssues(imported.definition, KNOWN)).toEqual([]);
    for (const list of LISTS) {
      const theirs = json[list];
      const told = imported.report.filter(({ part }) => part === PART_OF[list]);
      expect(told).toHaveLength(Array.isArray(theirs) ? theirs.length : 0);
    }
  });
}
