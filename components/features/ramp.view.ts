/** `10, 25 50 %` as numbers that rise up to 100; null when it is not that. */
export function percentagesOf(text: string): readonly number[] | null {
  const parts = text.split(/[\s,;%]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  const rise = numbers.every(
    (one, index) => Number.isFinite(one) && one > (numbers[index - 1] ?? 0) && one <= 100,
  );
  return parts.length > 0 && parts.length <= 20 && rise ? numbers : null;
}

/** From the first step to the last, which lasts only where it is not all of them; in seconds. */
export function rampSeconds(percentages: readonly number[], holdSeconds: number): number {
  return percentages.filter((percent) => percent < 100).length * holdSeconds;
}
