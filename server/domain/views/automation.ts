/** What the doors say about triggers, webhooks in and messages out. Never a secret. */

export interface TriggerView {
  readonly id: string;
  readonly application: string;
  readonly pipeline: string;
  /** `id` of the pipeline's definition. */
  readonly key: string;
  readonly type: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  /** When it looks or fires next by itself. */
  readonly nextAt: string | null;
  readonly firedAt: string | null;
  /** Why its last look or start did not work. */
  readonly error: string | null;
}

export interface WebhookSourceView {
  readonly name: string;
  readonly kind: string;
  readonly label: string;
  /** Where to send, below this installation's address. */
  readonly path: string;
  /** Two secrets are valid now. */
  readonly rotating: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly lastDeliveryAt: string | null;
}

export interface WebhookDeliveryView {
  readonly id: string;
  readonly source: string;
  readonly deliveryId: string;
  readonly event: string;
  readonly receivedAt: string;
  /** started, refused, ignored; null while it has not been looked at. */
  readonly outcome: string | null;
  /** Executions that it started. */
  readonly started: readonly string[];
}
