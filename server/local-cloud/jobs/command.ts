import { withOwnNode } from '@/server/local-cloud/instances/process';

/**
 * Runs a command and leaves its exit code in a file, so that a platform that was away when it ended still
 * learns it. The trap lets the shell outlive the signal that ends its command; the command itself gets
 * the signals as always.
 */
const SCRIPT =
  'exit_file=$1; shift; trap : HUP INT TERM; "$@"; code=$?; ' +
  'printf %s "$code" >"$exit_file.tmp" && mv "$exit_file.tmp" "$exit_file"; exit "$code"';

/** The command as it is really started. */
export function recordingExit(command: readonly string[], exitFile: string): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', exitFile, ...withOwnNode(command)];
}
