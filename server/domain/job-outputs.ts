import { z } from 'zod';

const outputsSchema = z.record(z.string(), z.unknown());

/** What a job left for the stages after it: the JSON object in its last line of output; empty when that is anything else. */
export function outputsIn(log: string): Record<string, unknown> {
  const last = log.split('\n').findLast((line) => line.trim() !== '');
  if (!last?.trimStart().startsWith('{')) return {};
  try {
    return outputsSchema.parse(JSON.parse(last));
  } catch {
    return {};
  }
}
