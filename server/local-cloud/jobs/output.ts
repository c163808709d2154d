import { z } from 'zod';
import { tail } from '@/server/local-cloud/instances/logs';

const LOG_BYTES = 16 * 1024;
/** Errors go there, so it gets its part however much was written to the other. */
const STDERR_BYTES = 8 * 1024;

const outputsSchema = z.record(z.string(), z.unknown());

/** The end of what a job wrote: its output, then its errors. */
export function jobLog(stdout: string, stderr: string): string {
  const errors = tail(stderr, STDERR_BYTES);
  const separator = 1;
  const output = tail(stdout, LOG_BYTES - Buffer.byteLength(errors) - separator);
  const apart = output === '' || errors === '' || output.endsWith('\n');
  return apart ? output + errors : `${output}\n${errors}`;
}

/** The JSON object in the last line of a job's output; empty when that is anything else. */
export function jobOutputs(stdout: string): Record<string, unknown> {
  const last = tail(stdout, LOG_BYTES)
    .split('\n')
    .findLast((line) => line.trim() !== '');
  if (!last?.trimStart().startsWith('{')) return {};
  try {
    return outputsSchema.parse(JSON.parse(last));
  } catch {
    return {};
  }
}
