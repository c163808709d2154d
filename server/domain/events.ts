import { z } from 'zod';

/**
 * What the event stream carries: that something changed and which reads it makes stale. It never
 * carries the data itself, so that an event can be shown to anyone who may open the stream.
 */
export const EVENT_KINDS = [
  'execution',
  'stage',
  'inventory',
  'judgment',
  'application',
  'pipeline',
  'trigger',
  'notification',
  'artifact',
  'pin',
  'account',
  'audit',
  'user',
  /** A canary was looked at, or its analysis ended. */
  'analysis',
  'canaryConfig',
  'metricsSource',
  /** A toggle, a segment, an environment of toggles, a change request or a client key. */
  'toggle',
] as const;
export const eventKindSchema = z.enum(EVENT_KINDS);
export type EventKind = z.infer<typeof eventKindSchema>;

export const signalEventSchema = z.object({
  seq: z.string(),
  at: z.iso.datetime(),
  kind: eventKindSchema,
  application: z.string().nullable(),
  executionId: z.string().nullable(),
  /** refId of a stage, name of a cluster, account or pipeline: whatever the kind is about. */
  subject: z.string().nullable(),
  /** The status it now has, where it has one. */
  status: z.string().nullable(),
});
export type SignalEvent = z.infer<typeof signalEventSchema>;

/** Postgres channels. The payload is only a nudge; readers read rows. */
export const CHANNEL = {
  events: 'signalbox_events',
  jobs: 'signalbox_jobs',
  /** Somebody asks for a look at a cluster, and hears on the other one how it went; both carry JSON. */
  look: 'signalbox_look',
  looked: 'signalbox_looked',
} as const;

/** A cluster to be looked at now, by the worker that watches its account. */
export const lookRequestSchema = z.object({
  id: z.uuid(),
  account: z.string(),
  region: z.string(),
  application: z.string(),
  cluster: z.string(),
});
export type LookRequest = z.infer<typeof lookRequestSchema>;

export const lookAnswerSchema = z.object({
  id: z.uuid(),
  /** Why it came to nothing; null when what is there is written down. */
  error: z.string().nullable(),
});
export type LookAnswer = z.infer<typeof lookAnswerSchema>;
