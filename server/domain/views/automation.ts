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
  /** Why a look or start of the last day did not work. */
  readonly error: string | null;
  readonly errorAt: string | null;
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

export interface EndpointView {
  readonly name: string;
  /** Without its query, which may hold a key. */
  readonly url: string;
  readonly format: string;
  readonly label: string;
  /** Two secrets sign now. */
  readonly rotating: boolean;
  readonly disabled: boolean;
  /** Why it was turned off, by whom or by itself. */
  readonly disabledReason: string | null;
  /** Messages that it has not taken yet. */
  readonly owed: number;
  readonly lastDeliveredAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface NotificationView {
  readonly id: string;
  readonly endpoint: string;
  readonly type: string;
  readonly application: string | null;
  readonly executionId: string | null;
  readonly status: 'owed' | 'delivered' | 'givenUp';
  readonly attempts: number;
  /** When it is tried next. */
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
}
