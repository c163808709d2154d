/** Where commands write; replaced in tests. */
export interface Output {
  /** What was asked for: to stdout, so that it can be piped. */
  readonly line: (text: string) => void;
  /** What goes on meanwhile: to stderr. */
  readonly note: (text: string) => void;
}

export const terminal: Output = {
  line: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
};

/** Columns as wide as their widest value, headed. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
