import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomicallySync } from '@/server/local-cloud/atomic-file';

const instanceRecordSchema = z.object({
  id: z.string(),
  /** `region/name` of its server group. */
  group: z.string(),
  pid: z.number(),
  /** The second half of the process's identity. */
  processStartedAt: z.string(),
  port: z.number(),
  startedAt: z.string(),
  restarts: z.number(),
});
/** What a later run needs to find the process again. */
export type InstanceRecord = z.infer<typeof instanceRecordSchema>;

/** One small file per instance and a scratch folder beside it. */
export class InstanceRecords {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Records of every instance of the last run, oldest first. A half-written file is dropped: its process is an orphan. */
  readAll(): InstanceRecord[] {
    return readdirSync(this.#dir)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        try {
          return [instanceRecordSchema.parse(JSON.parse(readFileSync(join(this.#dir, name), 'utf8')))];
        } catch {
          rmSync(join(this.#dir, name), { force: true });
          return [];
        }
      })
      .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  /** Synchronous: called in the same tick as the spawn, to leave no time for an unrecorded process. */
  write(record: InstanceRecord): void {
    writeFileAtomicallySync(join(this.#dir, `${record.id}.json`), JSON.stringify(record));
  }

  /** Forgets the process, keeps the logs. */
  forget(id: string): void {
    rmSync(join(this.#dir, `${id}.json`), { force: true });
  }

  /** Removes every trace. */
  remove(id: string): void {
    this.forget(id);
    rmSync(this.scratch(id), { recursive: true, force: true });
  }

  scratch(id: string): string {
    return join(this.#dir, id);
  }
}
