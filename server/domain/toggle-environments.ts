import { z } from 'zod';
import { pipelineNameSchema } from '@/server/domain/pipeline';

const momentSchema = z.iso.datetime({
  offset: true,
  error: 'must be a time with its offset from UTC, as 2026-12-20T09:00:00+01:00',
});

/** A time in which nothing is switched in an environment of toggles, except by the kill switch. */
export const freezeSchema = z
  .strictObject({
    from: momentSchema,
    /** The end; it is not frozen any more at that moment. */
    until: momentSchema,
    /** Why, for those who meet it. */
    reason: z.string().trim().min(1, 'say why').max(500),
  })
  .refine(({ from, until }) => Date.parse(until) > Date.parse(from), {
    message: 'must be after the beginning',
    path: ['until'],
  });
export type Freeze = z.infer<typeof freezeSchema>;

/** The freeze at a moment that ends last; null when there is none. */
export function freezeAt(freezes: readonly Freeze[], at: Date): Freeze | null {
  const found = freezes.filter(
    ({ from, until }) => Date.parse(from) <= at.getTime() && at.getTime() < Date.parse(until),
  );
  return found.toSorted((one, other) => Date.parse(other.until) - Date.parse(one.until))[0] ?? null;
}

/**
 * Moments of toggles that people are told of.
 * - toggle.killed    somebody has used the kill switch
 * - toggle.returned  a ramp or a pipeline did not succeed, and what it had switched stands as before
 */
export const TOGGLE_EVENTS = ['toggle.killed', 'toggle.returned'] as const;
export const toggleEventSchema = z.enum(TOGGLE_EVENTS);
export type ToggleEvent = z.infer<typeof toggleEventSchema>;

/** Who is told what of an environment. */
export const toggleNotificationSchema = z.strictObject({
  /** Name of an endpoint that an administrator has set up. */
  endpoint: pipelineNameSchema,
  events: z.array(toggleEventSchema).min(1),
});
export type ToggleNotification = z.infer<typeof toggleNotificationSchema>;
