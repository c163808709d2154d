import { z } from 'zod';

/**
 * A sentence for a person, kept as a key into the message catalogue with its values, so that the
 * engine can speak before anyone knows in which language it will be read.
 */
export const messageSchema = z.object({
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type Message = z.infer<typeof messageSchema>;

export function message(key: string, values: Record<string, string | number> = {}): Message {
  return { key, values };
}
