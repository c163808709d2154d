/**
 * Normally distributed noise around 0 by the method of Box and Muller.
 * @param random uniform in [0, 1).
 */
export function gaussian(random: () => number, deviation: number): number {
  if (deviation === 0) return 0;
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return deviation * radius * Math.cos(2 * Math.PI * random());
}
