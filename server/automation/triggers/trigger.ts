import type { z } from 'zod';
import type { Database } from '@/db/client';
import type { Trigger } from '@/server/domain/execution';
import type { OutboundPolicy } from '@/server/outbound/policy';

/**
 * A kind of event that starts a pipeline. It looks by itself when it is due (a clock, a poll), or it is
 * shown what came in from outside, or both.
 */
export interface TriggerType<Config = unknown> {
  readonly type: string;
  readonly label: string;
  readonly configSchema: z.ZodType<Config>;
  /** How executions that it starts came to be. */
  readonly startsAs: Trigger['kind'];
  /** Looks whether to fire, and says when to look again. The first look only arms the trigger. */
  look?(context: LookContext, armed: Armed<Config>): Promise<Look>;
  /** Whether an event from outside fires it. */
  match?(event: OutsideEvent, seen: Seen<Config>): Firing | null;
}

export interface LookContext {
  readonly db: Database;
  readonly now: Date;
  readonly outbound: OutboundPolicy;
  readonly signal: AbortSignal;
}

export interface Armed<Config> {
  readonly config: Config;
  /** When it was due. */
  readonly dueAt: Date;
  /** What the last look left; empty at the first. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** A trigger that is shown an event. */
export interface Seen<Config> {
  readonly config: Config;
  readonly now: Date;
  /** What its last look or firing left; empty while it has not looked. */
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Look {
  readonly firings: readonly Firing[];
  readonly state: Readonly<Record<string, unknown>>;
  readonly nextAt: Date;
}

/** One reason to start the pipeline. */
export interface Firing {
  /** What it is about; the same again starts nothing. */
  readonly dedupe: string;
  /** For people, e.g. `push to main of shop/catalog`. */
  readonly note: string;
  readonly payload: unknown;
  /** What the event itself brought to deliver. */
  readonly artifact?: { readonly name: string; readonly version: string };
  /** The execution whose end it is. */
  readonly parentExecutionId?: string;
  /** What the trigger has seen from then on, for those that do not look by themselves meanwhile. */
  readonly state?: Readonly<Record<string, unknown>>;
}

/** Something that was sent to a webhook source. */
export interface OutsideEvent {
  readonly source: string;
  /** Kind of the source's format. */
  readonly format: string;
  readonly deliveryId: string;
  /** Name of the event in the sender's words, e.g. push. */
  readonly event: string;
  readonly payload: unknown;
}
