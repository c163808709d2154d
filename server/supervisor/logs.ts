import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import path from 'node:path';

/** How many earlier logs of each process are kept. */
const KEPT = 3;
const TAIL_BYTES = 4_096;

export function logFile(dataDir: string, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`);
}

/** Puts the log of the last start aside: `<name>.log` becomes `<name>.1.log`, and so on. */
export function rotateLog(dataDir: string, name: string): void {
  const generation = (n: number) => logFile(dataDir, n === 0 ? name : `${name}.${n}`);
  for (let n = KEPT - 1; n >= 0; n--) {
    if (existsSync(generation(n))) renameSync(generation(n), generation(n + 1));
  }
}

/** The last words of a process that ended, for the sentence that reports it; empty when it said nothing. */
export function lastLogLine(file: string): string {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return readable(buffer.toString('utf8').trimEnd().split('\n').at(-1) ?? '');
  } finally {
    closeSync(descriptor);
  }
}

function readable(line: string): string {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'msg' in entry ? String(entry.msg) : line;
  } catch {
    return line;
  }
}
