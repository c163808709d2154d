/** Ranks from 1, those of equal values averaged, and the sizes of the groups of equal values. */
export function averageRanks(values: Float64Array): { ranks: Float64Array; ties: number[] } {
  const order = new Uint32Array(values.length).map((_, index) => index);
  const at = (index: number) => values[index] ?? Number.NaN;
  order.sort((a, b) => at(a) - at(b));
  const ranks = new Float64Array(values.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length; ) {
    const value = at(order[start] ?? 0);
    let end = start + 1;
    while (end < order.length && at(order[end] ?? 0) === value) end += 1;
    // Mean of the ranks start + 1 … end.
    const rank = (start + 1 + end) / 2;
    for (let index = start; index < end; index += 1) ranks[order[index] ?? 0] = rank;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}
