/** A part of a text, in characters; `to` is behind the last. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export type Scan =
  /** Where the value of each dotted path stands; the whole text is at ''. */
  | { readonly ok: true; readonly places: ReadonlyMap<string, Place> }
  /** Where the text stops being JSON. */
  | { readonly ok: false; readonly at: number };

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Unexpected extends Error {}

/** Finds every value of a JSON text. The browsers' own parsers tell places each in their own words, or not at all. */
export function scanJson(text: string): Scan {
  const places = new Map<string, Place>();
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const need = (found: string | null): string => {
    if (found === null) throw new Unexpected();
    return found;
  };
  const takeString = (): string | null => {
    const from = at;
    const found = take(STRING);
    if (found === null || isJson(found)) return found;
    at = from;
    throw new Unexpected();
  };
  const takeChar = (char: string): boolean => {
    take(SPACE);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const members = (close: string, member: () => void): void => {
    if (takeChar(close)) return;
    for (;;) {
      member();
      if (takeChar(close)) return;
      if (!takeChar(',')) throw new Unexpected();
    }
  };
  const value = (path: string): void => {
    take(SPACE);
    const from = at;
    const below = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
    if (takeChar('{')) {
      members('}', () => {
        take(SPACE);
        const key = String(JSON.parse(need(takeString())));
        if (!takeChar(':')) throw new Unexpected();
        value(below(key));
      });
    } else if (takeChar('[')) {
      let index = 0;
      members(']', () => value(below(index++)));
    } else need(takeString() ?? take(SCALAR));
    places.set(path, { from, to: at });
  };
  try {
    value('');
    take(SPACE);
    return at === text.length ? { ok: true, places } : { ok: false, at };
  } catch (error) {
    if (error instanceof Unexpected) return { ok: false, at };
    throw error;
  }
}

/** Control characters and unknown escapes look like a string and are none. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The place of a path, or of the nearest value around it when there is nothing at the path itself. */
export function placeIn(places: ReadonlyMap<string, Place>, path: string): Place {
  for (let parts = path.split('.'); parts.length > 0; parts = parts.slice(0, -1)) {
    const place = places.get(parts.join('.'));
    if (place) return place;
  }
  return places.get('') ?? { from: 0, to: 0 };
}

/** Line and column of a character, both from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
