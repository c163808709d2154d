/** "Applications: a, b." for refusals that say what exists; "There are none yet." for an empty list. */
export function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? 'There are none yet.' : `${what}: ${names.join(', ')}.`;
}
