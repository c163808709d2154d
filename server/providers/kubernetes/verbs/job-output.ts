import { z } from 'zod';

const LOG_BYTES = 16 * 1024;

const outputsSchema = z.record(z.string(), z.unknown());

/** The end of a text, from the beginning of a line where one fits. */
export function tail(text: string, bytes = LOG_BYTES): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  const cut = buffer.subarray(buffer.length - bytes).toString();
  const line = cut.indexOf('\n');
  return line === -1 ? cut : cut.slice(line + 1);
}

/** The JSON object in the last line of a job's output; empty when that is anything else. */
export function outputsIn(log: string): Record<string, unknown> {
  const last = log.split('\n').findLast((line) => line.trim() !== '');
  if (!last?.trimStart().startsWith('{')) return {};
  try {
    return outputsSchema.parse(JSON.parse(last));
  } catch {
    return {};
  }
}
