const lines = new Map<string, Promise<unknown>>();

/** One after the other within this process; what other processes write is found by reading again. */
export function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(key) ?? Promise.resolve();
  const turn = before.then(work, work);
  const settled = turn
    .catch(() => undefined)
    .then(() => {
      if (lines.get(key) === settled) lines.delete(key);
    });
  lines.set(key, settled);
  return turn;
}
