import { outputsIn } from '@/server/domain/job-outputs';
import { tail } from '@/server/local-cloud/instances/logs';

const LOG_BYTES = 16 * 1024;
/** Errors go there, so it gets its part however much was written to the other. */
const STDERR_BYTES = 8 * 1024;

/** The end of what a job wrote: its output, then its errors. */
export function jobLog(stdout: string, stderr: string): string {
  const errors = tail(stderr, STDERR_BYTES);
  const separator = 1;
  const output = tail(stdout, LOG_BYTES - Buffer.byteLength(errors) - separator);
  const apart = output === '' || errors === '' || output.endsWith('\n');
  return apart ? output + errors : `${output}\n${errors}`;
}

/** What the job left for the stages after it. */
export function jobOutputs(stdout: string): Record<string, unknown> {
  return outputsIn(tail(stdout, LOG_BYTES));
}
