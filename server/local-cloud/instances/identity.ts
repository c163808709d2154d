import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A pid alone is not an identity: pids are reused, and a recorded one may name a stranger by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the system's own notation; compared, never parsed. */
  readonly startedAt: string;
}

const HAS_PROC = existsSync('/proc/self/stat');
/** Start times count from boot, so they repeat after one. */
const BOOT_ID = readOptional('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

/** Null when no such process runs; a zombie does not run. */
export function processIdentity(pid: number): ProcessIdentity | null {
  const startedAt = HAS_PROC ? startFromProc(pid) : startFromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Whether exactly this process, and not a later one with its pid, still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return processIdentity(identity.pid)?.startedAt === identity.startedAt;
}

function startFromProc(pid: number): string | null {
  const stat = readOptional(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // proc(5): field 2 is the command in parentheses and may hold spaces; after it come state (3) … starttime (22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const started = fields[19];
  return state === 'Z' || state === 'X' || started === undefined ? null : `${BOOT_ID}:${started}`;
}

function startFromPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return line === '' || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}

function readOptional(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
