import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomicallySync } from '@/server/local-cloud/atomic-file';

const processRecordSchema = z.object({
  id: z.string(),
  /** Null from just before the process is started until it is known. */
  pid: z.number().nullable(),
  /** The second half of the process's identity. */
  processStartedAt: z.string().nullable(),
});
/** What a later run needs to find the process of a job again. */
export type JobProcessRecord = z.infer<typeof processRecordSchema>;

/**
 * What jobs have on disk besides their place in the state: `<id>.json` while a process runs, and
 * `<id>/` with its logs, its exit code, its copy of the artifact (`work/`) and its scratch folder (`tmp/`).
 */
export class JobFolders {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /** By id of the job. A half-written file is dropped: its process is an orphan. */
  processes(): Map<string, JobProcessRecord> {
    const records = new Map<string, JobProcessRecord>();
    for (const name of readdirSync(this.#dir).filter((one) => one.endsWith('.json'))) {
      const record = this.#read(join(this.#dir, name));
      if (record) records.set(record.id, record);
    }
    return records;
  }

  /** Synchronous: called in the same tick as the spawn, to leave no time for an unrecorded process. */
  write(record: JobProcessRecord): void {
    writeFileAtomicallySync(join(this.#dir, `${record.id}.json`), JSON.stringify(record));
  }

  /** Makes its folder anew: whatever an interrupted attempt left is gone. */
  prepare(id: string): void {
    rmSync(join(this.#dir, id), { recursive: true, force: true });
    mkdirSync(this.scratch(id), { recursive: true, mode: 0o700 });
  }

  /** Keeps the logs. */
  finish(id: string): void {
    rmSync(this.work(id), { recursive: true, force: true });
    rmSync(this.scratch(id), { recursive: true, force: true });
    rmSync(this.packed(id), { force: true });
    rmSync(join(this.#dir, `${id}.json`), { force: true });
  }

  remove(id: string): void {
    this.finish(id);
    rmSync(join(this.#dir, id), { recursive: true, force: true });
  }

  /** Removes what belongs to none of these jobs. */
  removeOthers(known: ReadonlySet<string>): void {
    const ids = readdirSync(this.#dir).map((name) => name.replace(/\.json(\.tmp)?$/, ''));
    for (const id of new Set(ids)) if (!known.has(id)) this.remove(id);
  }

  /** What the process wrote when its command ended; null when it did not come so far. */
  exitCode(id: string): number | null {
    try {
      const text = readFileSync(this.exitFile(id), 'utf8').trim();
      return /^\d{1,3}$/.test(text) ? Number(text) : null;
    } catch {
      return null;
    }
  }

  exitFile(id: string): string {
    return join(this.#dir, id, 'exit');
  }

  stdout(id: string): string {
    return join(this.#dir, id, 'stdout.log');
  }

  stderr(id: string): string {
    return join(this.#dir, id, 'stderr.log');
  }

  work(id: string): string {
    return join(this.#dir, id, 'work');
  }

  scratch(id: string): string {
    return join(this.#dir, id, 'tmp');
  }

  packed(id: string): string {
    return join(this.#dir, id, 'result.tgz');
  }

  #read(path: string): JobProcessRecord | null {
    try {
      return processRecordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch {
      rmSync(path, { force: true });
      return null;
    }
  }
}
