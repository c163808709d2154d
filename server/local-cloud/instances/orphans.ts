import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Marks every process with the folder of its platform. */
export const OWNER_VARIABLE = 'SIGNALBOX_CLOUD_OWNER';

interface Marked {
  readonly pid: number;
  readonly processGroup: number;
}

/**
 * Ends processes of this folder that no record names: born in the instant before a crash.
 * @param known pids of recorded instances and jobs; each leads a process group that its children belong to.
 * @returns the pids that were ended.
 */
export function endOrphans(owner: string, known: ReadonlySet<number>): number[] {
  return endMarked(owner, (one) => !known.has(one.processGroup));
}

/** Ends what is left of a process group whose leader has ended: its children are marked like it. */
export function endGroup(owner: string, leader: number): void {
  endMarked(owner, (one) => one.processGroup === leader);
}

function endMarked(owner: string, unwanted: (one: Marked) => boolean): number[] {
  const marker = `${OWNER_VARIABLE}=${owner}`;
  const marked = existsSync('/proc/self/environ') ? fromProc(marker) : fromPs(marker);
  const orphans = marked.filter((one) => one.pid !== process.pid && unwanted(one));
  for (const { pid } of orphans) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended on its own since the listing.
    }
  }
  return orphans.map((one) => one.pid);
}

function fromProc(marker: string): Marked[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(marker)) return [];
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // proc(5): after the command in parentheses come state (3), ppid (4), pgrp (5).
        const processGroup = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
        return [{ pid: Number(pid), processGroup }];
      } catch {
        // Another user's process, or gone.
        return [];
      }
    });
}

function fromPs(marker: string): Marked[] {
  try {
    const columns = ['-axEww', '-o', 'pid=,pgid=,command='];
    return execFileSync('ps', columns, { encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\n')
      .filter((line) => line.includes(` ${marker}`))
      .map((line) => line.trim().split(/\s+/))
      .map(([pid, processGroup]) => ({ pid: Number(pid), processGroup: Number(processGroup) }));
  } catch {
    return [];
  }
}
