/** How one kind of sender signs and shapes what it sends. */
export interface WebhookFormat {
  readonly kind: string;
  readonly label: string;
  /**
   * Whether one of the secrets made this delivery, over the bytes as they came.
   * @returns null when it did, or a sentence that says what is missing or wrong.
   */
  verify(delivery: RawDelivery, secrets: readonly string[]): string | null;
  /**
   * What was sent. A delivery may hold several events.
   * @throws SyntaxError for what cannot be read.
   */
  read(delivery: RawDelivery): readonly ReadEvent[];
}

export interface RawDelivery {
  readonly headers: Headers;
  readonly body: Buffer;
  readonly now: Date;
}

export interface ReadEvent {
  /** Stable over repetitions of the same delivery. */
  readonly deliveryId: string;
  readonly event: string;
  readonly payload: unknown;
}
