/** The value below which the share `q` of all lies; 0 without any. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One line of a table of figures. */
export function printLine(what: string, ...cells: readonly string[]): void {
  process.stdout.write(`${what.padEnd(46)} ${cells.map((cell) => cell.padEnd(26)).join(' ')}\n`);
}
