import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HAS_PROC = existsSync('/proc/self/status');

/** Resident memory in bytes; null when the process is gone. */
export async function residentBytes(pid: number): Promise<number | null> {
  try {
    const kibibytes = HAS_PROC
      ? /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
      : (await run('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
    return kibibytes ? Number(kibibytes) * 1024 : null;
  } catch {
    return null;
  }
}
