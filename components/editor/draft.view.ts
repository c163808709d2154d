import { z } from 'zod';
import { graphProblem } from '@/components/editor/graph-edits.view';
import { type Place, placeIn, positionOf, scanJson } from '@/components/editor/json-places.view';
import { pipelineDefinitionSchema, stageDefinitionSchema } from '@/server/domain/pipeline';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A stage while someone writes it: only what the graph needs is certain, the rest is for the check to judge. */
export interface DraftStage extends JsonObject {
  readonly refId: string;
  readonly type: string;
  readonly name: string;
  readonly requires: readonly string[];
  readonly config: JsonObject;
}

/** A pipeline while someone writes it. Its stages always form a graph that can be drawn. */
export interface Draft extends JsonObject {
  readonly name: string;
  readonly stages: readonly DraftStage[];
}

/** As the service reads it, but a pipeline that is just being begun has no name and no stage yet. */
const draftSchema = pipelineDefinitionSchema.extend({
  name: z.string().default(''),
  stages: z.array(stageDefinitionSchema).max(1000).default([]),
});

export interface TextProblem extends Place {
  readonly line: number;
  readonly column: number;
  /** Dotted; null when the text is not JSON at all. */
  readonly path: string | null;
  /** What is wrong there; null when the text is not JSON at all. */
  readonly message: string | null;
}

export type ReadDraft =
  | { readonly draft: Draft; readonly problems: readonly [] }
  | { readonly draft: null; readonly problems: readonly TextProblem[] };

/** A definition as text, its fields in the order in which people read them. */
export function draftText(draft: Draft): string {
  const ordered = draftSchema.safeParse(draft);
  return JSON.stringify(ordered.success ? ordered.data : draft, null, 2);
}

/** A draft from anything that has the shape of a definition; null for what has not, or whose graph cannot be drawn. */
export function asDraft(value: unknown): Draft | null {
  const read = draftSchema.safeParse(value);
  return read.success && graphProblem(read.data) === null ? read.data : null;
}

/** Reads what someone typed. What cannot be drawn is told with its place in the text. */
export function readDraft(text: string): ReadDraft {
  const scan = scanJson(text);
  if (!scan.ok) {
    const place = { from: scan.at, to: Math.min(scan.at + 1, text.length) };
    return {
      draft: null,
      problems: [{ ...place, ...positionOf(text, scan.at), path: null, message: null }],
    };
  }
  const at = (path: string, message: string): TextProblem => {
    const place = placeIn(scan.places, path);
    return { ...place, ...positionOf(text, place.from), path, message };
  };
  const read = draftSchema.safeParse(JSON.parse(text));
  if (!read.success) {
    return {
      draft: null,
      problems: read.error.issues.map((i) => at(i.path.map(String).join('.'), i.message)),
    };
  }
  const trouble = graphProblem(read.data);
  return trouble
    ? { draft: null, problems: [at(trouble.path, trouble.message)] }
    : { draft: read.data, problems: [] };
}
