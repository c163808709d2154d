/**
 * The value of Student's t with the same chance of being exceeded as the standard normal value `z`; somewhat larger for
 * a few degrees, by 0.5 % for 5 and a chance of 0.01.
 * Source: D. Wallace, Bounds on normal approximations to Student's and the chi-square distributions, Annals of
 * Mathematical Statistics 30 (1959), solved for t.
 * @param degrees of freedom, > 0.
 */
export function studentFromNormal(z: number, degrees: number): number {
  const corrected = (z * (8 * degrees + 3)) / (8 * degrees + 1);
  return Math.sign(z) * Math.sqrt(degrees * Math.expm1(corrected ** 2 / degrees));
}

/**
 * Degrees of freedom of a difference of two means with unequal variances. Source: B. Welch, Biometrika 34 (1947).
 * @param a variance of the first mean, of `aDegrees` degrees.
 */
export function welchDegrees(a: number, aDegrees: number, b: number, bDegrees: number): number {
  if (a === 0 && b === 0) return aDegrees + bDegrees;
  return (a + b) ** 2 / (a ** 2 / aDegrees + b ** 2 / bDegrees);
}
