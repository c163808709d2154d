import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { logFile } from './logs';
import type { Settings } from './preflight';
import type { ProcessRecord } from './state';

/** What every service needs to be started. */
export interface SupervisorContext {
  /** The project's folder: `dist/`, `.next/` and node_modules are below it. */
  readonly root: string;
  readonly settings: Settings;
  readonly record: ProcessRecord;
}

/** Variables of the machine that a process may need; everything else is passed by name. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'SystemRoot',
  'NODE_EXTRA_CA_CERTS',
  // Accounts of Kubernetes may leave it to the machine where their kubeconfig is.
  'KUBECONFIG',
];

/** The environment of a child: the machine's, the log level, and what is given. */
export function childEnvironment(
  context: SupervisorContext,
  given: Readonly<Record<string, string | undefined>>,
) {
  const machine = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
  return {
    ...machine,
    NODE_ENV: 'production',
    SIGNALBOX_LOG_LEVEL: context.settings.SIGNALBOX_LOG_LEVEL,
    ...given,
  };
}

export function bundlePath(context: SupervisorContext, name: string): string {
  return path.join(context.root, 'dist', `${name}.mjs`);
}

/** Says whether a running process runs the program that would be started now. */
export function bundleDigest(context: SupervisorContext, name: string): string {
  return createHash('sha256')
    .update(readFileSync(bundlePath(context, name)))
    .digest('hex');
}

export function serviceLog(context: SupervisorContext, name: string): string {
  return logFile(context.settings.SIGNALBOX_DATA, name);
}
