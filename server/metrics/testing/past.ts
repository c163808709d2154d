/** Writes samples of the past as OpenMetrics text, in which the samples of a series stand together. */
export class Past {
  readonly #lines: string[] = [];

  /** @param at seconds since 1970. */
  series(
    name: string,
    labels: Readonly<Record<string, string>>,
    samples: Iterable<[at: number, value: number]>,
  ): this {
    const inner = Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(',');
    for (const [at, value] of samples) this.#lines.push(`${name}{${inner}} ${goNumber(value)} ${at}`);
    return this;
  }

  /** Grows by `perSecond` from 0. */
  counter(
    name: string,
    labels: Readonly<Record<string, string>>,
    { from, until, every, perSecond }: { from: number; until: number; every: number; perSecond: number },
  ): this {
    const samples: [number, number][] = [];
    for (let at = from; at <= until; at += every) samples.push([at, (at - from) * perSecond]);
    return this.series(name, labels, samples);
  }

  text(): string {
    return this.#lines.join('\n');
  }
}

function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
