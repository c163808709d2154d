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
export const CHANNEL = { events: 'signalbox_events', jobs: 'signalbox_jobs' } as const;
