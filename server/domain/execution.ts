import { z } from 'zod';
import { messageSchema } from '@/server/domain/message';

/** Why something does not move, until when, and who can end it. Every wait has one. */
export const waitingSchema = z.object({
  kind: z.enum(['person', 'time', 'platform', 'upstream', 'slot', 'retry']),
  reason: messageSchema,
  /** When it ends by itself at the latest; null when only someone can end it. */
  until: z.iso.datetime().nullable(),
  /** Roles or names that can end it; empty when it is not up to people. */
  who: z.array(z.string()),
});
export type Waiting = z.infer<typeof waitingSchema>;

/** One thing a stage did or met, in order; shown in its details. */
export const stageLogEntrySchema = z.object({
  at: z.iso.datetime(),
  level: z.enum(['info', 'warning', 'error']),
  text: messageSchema,
});
export type StageLogEntry = z.infer<typeof stageLogEntrySchema>;

export const triggerSchema = z.object({
  kind: z.enum([
    'manual',
    'api',
    'cli',
    'rollback',
    'demo',
    'rerun',
    'cron',
    'git',
    'registry',
    'artifact',
    'webhook',
    'pipeline',
    'stage',
  ]),
  /** Display name of the person, token or process. */
  by: z.string(),
  userId: z.string().nullable(),
  /** What was asked, e.g. deploy catalog 1.1.0 to staging. */
  note: z.string().nullable(),
  /** Execution that started this one, was rerun, or whose stage asked for it. */
  parentExecutionId: z.string().nullable().optional(),
  /** refId of that execution's stage that waits for this one, or null when nobody waits. */
  parentRefId: z.string().nullable().optional(),
  /** id of the pipeline's trigger that fired. */
  triggerId: z.string().nullable().optional(),
});
export type Trigger = z.infer<typeof triggerSchema>;
