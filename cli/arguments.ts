import { Failure } from '@/cli/failure';

/** Reads `key=value` words. @throws Failure (bad usage) for a word without `=` or a key given twice. */
export function readPairs(words: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new Failure(`"${word}" is not of the form key=value.`, 2);
    const key = word.slice(0, at);
    if (pairs.has(key)) throw new Failure(`"${key}" is given twice.`, 2);
    pairs.set(key, word.slice(at + 1));
  }
  return pairs;
}

/** Takes a value that must be there. @throws Failure (bad usage) naming what is missing. */
export function take(pairs: Map<string, string>, key: string, example: string): string {
  const value = takeOptional(pairs, key);
  if (value) return value;
  throw new Failure(`${key}=… is missing. Example: signalbox ${example}`, 2);
}

export function takeOptional(pairs: Map<string, string>, key: string): string | undefined {
  const value = pairs.get(key);
  pairs.delete(key);
  return value;
}

/** @throws Failure (bad usage) when something is left that nobody asked for. */
export function requireNothingLeft(pairs: ReadonlyMap<string, string>, known: readonly string[]): void {
  const [left] = pairs.keys();
  if (left === undefined) return;
  throw new Failure(`"${left}" is not known here. Known: ${known.join(', ')}.`, 2);
}

/** Numbers, true, false and objects are meant as such; all else is text. */
export function settingValue(text: string): unknown {
  if (!/^(-?\d+(\.\d+)?|true|false|[{[].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
