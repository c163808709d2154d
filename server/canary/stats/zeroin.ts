const EPSILON = 2.220446049250313e-16;
const MAX_PASSES = 1_001;

/**
 * A root of `f` between `lower` and `upper` by Brent's method, step by step as in the routine zeroin that
 * R uses. `f` may be a step function; where it has no root the place of its change of sign is answered, so
 * the very steps matter for results near a limit. Source: R. Brent, Algorithms for Minimization without
 * Derivatives (1973), chapter 4; netlib zeroin.
 * @param tolerance absolute.
 */
export function zeroin(f: (at: number) => number, lower: number, upper: number, tolerance: number): number {
  let [a, b] = [lower, upper];
  let [fa, fb] = [f(a), f(b)];
  let [c, fc] = [a, fa];
  if (Math.abs(fa) <= Number.MIN_VALUE) return a;
  if (Math.abs(fb) <= Number.MIN_VALUE) return b;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const previous = b - a;
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, fa] = [b, fb];
      [b, fb] = [c, fc];
      [c, fc] = [a, fa];
    }
    const near = 2 * EPSILON * Math.abs(b) + tolerance / 2;
    let step = (c - b) / 2;
    if (Math.abs(step) <= near || fb === 0) return b;
    if (Math.abs(previous) >= near && Math.abs(fa) > Math.abs(fb)) {
      const { p, q } = interpolated({ a, fa, b, fb, c, fc });
      const fits = p < 0.75 * (c - b) * q - Math.abs(near * q) / 2 && p < Math.abs((previous * q) / 2);
      if (fits) step = p / q;
    }
    if (Math.abs(step) < near) step = step > 0 ? near : -near;
    [a, fa] = [b, fb];
    b += step;
    fb = f(b);
    if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) [c, fc] = [a, fa];
  }
  return b;
}

interface Points {
  readonly a: number;
  readonly fa: number;
  readonly b: number;
  readonly fb: number;
  readonly c: number;
  readonly fc: number;
}

/** The next step as p / q: a secant through two points, or a parabola on its side through three. */
function interpolated({ a, fa, b, fb, c, fc }: Points): { p: number; q: number } {
  const width = c - b;
  let p: number;
  let q: number;
  if (a === c) {
    const t = fb / fa;
    p = width * t;
    q = 1 - t;
  } else {
    const t1 = fb / fc;
    const t2 = fb / fa;
    q = fa / fc;
    p = t2 * (width * q * (q - t1) - (b - a) * (t1 - 1));
    q = (q - 1) * (t1 - 1) * (t2 - 1);
  }
  return p > 0 ? { p, q: -q } : { p: -p, q };
}
