/**
 * What makes one text another, line by line: two spaces before what stays, `- ` before what goes, `+ ` before
 * what comes. For texts of some hundred lines: the table has a cell for every pair of lines.
 */
export function lineDiff(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const common = commonLengths(old, now);
  const told: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      told.push(`  ${old[i]}`);
      i += 1;
      j += 1;
    } else if (i < old.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      told.push(`- ${old[i]}`);
      i += 1;
    } else if (j < now.length) {
      told.push(`+ ${now[j]}`);
      j += 1;
    } else {
      told.push(`- ${old[i]}`);
      i += 1;
    }
  }
  return told;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** How many lines the rests from each pair of places have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => Array.from({ length: now.length + 1 }, () => 0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const [row, below] = [table[i] ?? [], table[i + 1] ?? []];
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === now[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}
