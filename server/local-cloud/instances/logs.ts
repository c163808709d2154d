import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { tellingLineOf } from '@/server/domain/telling-line';

/** Instances write straight to a file, so that they outlive the platform's process. */
const CAP_BYTES = 2 * 1024 * 1024;
const KEPT_BYTES = 256 * 1024;

const START_MARK = '--- started ';

/** Separates the lives of an instance in its logs. */
export function markStart(path: string, at: Date): void {
  appendFileSync(path, `${START_MARK}${at.toISOString()}\n`, { mode: 0o600 });
}

/** Cuts a log that has grown beyond `cap` bytes down to its end. A line written meanwhile may be lost. */
export function capLog(path: string, cap = CAP_BYTES, keep = KEPT_BYTES): void {
  if (!existsSync(path)) return;
  const descriptor = openSync(path, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    if (size <= cap) return;
    const kept = Buffer.alloc(keep);
    const length = readSync(descriptor, kept, 0, keep, size - keep);
    // The writer appends (O_APPEND), so truncation moves its next write to the new end.
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, kept, 0, length, 0);
  } finally {
    closeSync(descriptor);
  }
}

/** The end of a log, at most so many bytes, beginning with a whole line where one fits. */
export function tail(path: string, limit: number): string {
  if (!existsSync(path)) return '';
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const end = Buffer.alloc(Math.min(size, limit));
    const length = readSync(descriptor, end, 0, end.length, size - end.length);
    const cut = size > limit ? end.indexOf(0x0a) + 1 : 0;
    return end.subarray(cut, length).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The last `count` lines, oldest first. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-count);
}

/** The line of an error log that says most about why its last process ended; null when it said nothing. */
export function tellingLine(path: string): string | null {
  const recent = lastLines(path, 60);
  return tellingLineOf(recent.slice(recent.findLastIndex((line) => line.startsWith(START_MARK)) + 1));
}
