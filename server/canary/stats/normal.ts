/**
 * Chance that a standard normal variable is larger than `z`, with a relative error under 1.2e-7 everywhere.
 * Source: Press et al., Numerical Recipes, 2nd edition (1992), section 6.2, erfcc.
 */
export function normalUpperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = COEFFICIENTS.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = (t * Math.exp(-x * x + series)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/**
 * The value that a standard normal variable exceeds with chance `tail`: 2.326… for 0.01. A rational start, then
 * Newton's method. Source of the start: Abramowitz and Stegun (1964), 26.2.23.
 * @param tail in (0, 0.5].
 */
export function normalQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  let z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  for (let pass = 0; pass < 3; pass += 1) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z += (normalUpperTail(z) - tail) / density;
  }
  return z;
}
