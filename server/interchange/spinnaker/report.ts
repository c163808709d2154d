/** What became of one part of a foreign pipeline. Everything that part said is in the result or in a note. */
export interface ReportEntry {
  readonly part: 'pipeline' | 'parameter' | 'trigger' | 'notification' | 'artifact' | 'stage';
  /** refId of a stage, name of a parameter, else its place. */
  readonly ref: string;
  readonly name: string;
  /** In the other product's words. */
  readonly type: string;
  readonly outcome: Outcome;
  readonly notes: readonly Note[];
}

export const OUTCOMES = ['converted', 'converted with changes', 'no equivalent'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Note {
  readonly level: NoteLevel;
  /** Dotted, within the part; empty for the part as a whole. */
  readonly path: string;
  readonly text: string;
}

/**
 * - info    nothing is lost: said in another way, or needless here
 * - changed does something else than before
 * - lost    is not done any more
 */
export const NOTE_LEVELS = ['info', 'changed', 'lost'] as const;
export type NoteLevel = (typeof NOTE_LEVELS)[number];

/** Part of the original that cannot be expressed here; says why, in a sentence. */
export class Unmappable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unmappable';
  }
}

export function outcomeOf(notes: readonly Note[]): Outcome {
  return notes.some((note) => note.level !== 'info') ? 'converted with changes' : 'converted';
}
