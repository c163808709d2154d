import type { NotificationEvent } from '@/server/domain/pipeline';
import type { Status } from '@/server/domain/status';
import type { ToggleEvent } from '@/server/domain/toggle-environments';

/** Something about an execution that an endpoint is told. Nothing in it is secret. */
export interface Moment {
  readonly event: NotificationEvent;
  /** ISO time at which it was so. */
  readonly at: string;
  /** What makes it this moment and no other, however often it is read. */
  readonly key: string;
  readonly execution: {
    readonly id: string;
    readonly application: string;
    readonly pipeline: string;
    readonly status: Status;
    /** Kind of its trigger. */
    readonly startedAs: string;
    readonly startedBy: string;
    /** English, for messages. */
    readonly error: string | null;
  };
  /** What it is about: of the stage where there is one, else of the execution. */
  readonly environment: string | null;
  /** What is delivered there; after a rollback, what runs there again. */
  readonly artifact: ToldArtifact | null;
  /** Address of the page on which people see it. */
  readonly url: string;
  readonly stage: {
    readonly refId: string;
    readonly name: string;
    readonly type: string;
    readonly status: Status;
    readonly error: string | null;
  } | null;
  readonly judgment: {
    readonly decision: 'continue' | 'stop';
    readonly by: string;
    readonly comment: string | null;
    readonly input: string | null;
  } | null;
  /** Of a delivery: whether something of the service ran there before. */
  readonly replaces: boolean;
}

export interface ToldArtifact {
  readonly name: string;
  readonly version: string;
  readonly digest: string | null;
}

/** Something about a toggle that an endpoint is told. */
export interface ToggleMoment {
  readonly event: ToggleEvent;
  /** ISO time at which it was so. */
  readonly at: string;
  /** What makes it this moment and no other. */
  readonly key: string;
  readonly toggle: { readonly key: string; readonly name: string; readonly application: string | null };
  /** Where it was on before, or is as before again. */
  readonly environments: readonly string[];
  readonly by: string;
  readonly reason: string;
  /** Of what did not succeed. */
  readonly executionId: string | null;
  /** Address of the page on which people see it. */
  readonly url: string;
}

export interface OutgoingMessage {
  /** Names the kind of message to the receiver. */
  readonly type: string;
  /** @param id of the message, stable over all its tries. */
  readonly body: (id: string) => Record<string, unknown>;
}

/** How moments are put into words for one kind of receiver. */
export interface NotificationFormat {
  readonly kind: string;
  readonly label: string;
  readonly contentType: string;
  /**
   * @param source address of this installation.
   * @returns null when the format has no words for it.
   */
  message(moment: Moment, source: string): OutgoingMessage | null;
  toggleMessage(moment: ToggleMoment, source: string): OutgoingMessage | null;
}
