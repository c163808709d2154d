/** Names that URLs, commands and other stages can hold, from names that could be anything. */

const MAX = 63;

/** Lower case, for pipelines. */
export function slugOf(name: string): string {
  return trimmed(name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')) || 'imported';
}

/** For refIds, which may have capitals; a dot would stand for a part of a stage. */
export function refIdOf(name: string): string {
  return trimmed(name.replaceAll(/[^a-zA-Z0-9_-]+/g, '-')) || 'stage';
}

/** Another one for a second of the same name. */
export function uniqueAmong(taken: ReadonlySet<string>, wanted: string): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`;
    const candidate = wanted.slice(0, MAX - suffix.length) + suffix;
    if (!taken.has(candidate)) return candidate;
  }
}

function trimmed(name: string): string {
  return name
    .replace(/^[^a-zA-Z0-9]+/, '')
    .slice(0, MAX)
    .replace(/-+$/, '');
}
