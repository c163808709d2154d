import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** A token is good for the period in which it was made and the one after. */
const PERIOD_MS = 3_600_000;

/**
 * Tokens that stand in the address of a stream, because browsers cannot send headers with one. All processes that
 * share the installation's secret make the same one in the same period: a client that is given the address again
 * keeps the connection it has.
 */
export class StreamTokens {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'signalbox', 'toggle streams', 32));
  }

  issue(clientKeyId: string, now: Date): string {
    const period = this.period(now);
    return `${clientKeyId}.${period}.${this.#sign(clientKeyId, period)}`;
  }

  /** The id of the client key that it was made for; null when it is old or not of ours. */
  read(token: string, now: Date): string | null {
    const [id, period, signature] = token.split('.');
    if (!id || !period || !signature) return null;
    const age = this.period(now) - Number(period);
    if (age !== 0 && age !== 1) return null;
    const expected = Buffer.from(this.#sign(id, Number(period)));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
  }

  /** While it is the same, so are the tokens. */
  period(now: Date): number {
    return Math.floor(now.getTime() / PERIOD_MS);
  }

  #sign(id: string, period: number): string {
    return createHmac('sha256', this.#key).update(`${id}.${period}`).digest('base64url');
  }
}
