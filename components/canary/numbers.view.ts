/** Digits after the point of a share told in percent: no more than are worth reading, as in the judges' sentences. */
export function percentDigits(share: number): number {
  const size = Math.abs(share) * 100;
  if (size >= 10) return 0;
  return size >= 1 ? 1 : 2;
}
