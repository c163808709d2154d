import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './files';
import type { ProcessIdentity } from './process/identity';

const stateSchema = z.record(
  z.string(),
  z.object({ pid: z.number().int(), startedAt: z.string(), build: z.string() }),
);

/** A process of an earlier or this start, with the digest of the program it runs. */
export interface RecordedProcess extends ProcessIdentity {
  readonly build: string;
}

/** Which processes run on a data folder, on disk, so that the next start finds them after a kill -9. */
export class ProcessRecord {
  readonly #file: string;
  readonly #processes: Map<string, RecordedProcess>;

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'supervisor.json');
    this.#processes = new Map(Object.entries(readRecord(this.#file)));
  }

  entries(): [string, RecordedProcess][] {
    return [...this.#processes];
  }

  get(name: string): RecordedProcess | undefined {
    return this.#processes.get(name);
  }

  set(name: string, recorded: RecordedProcess): void {
    this.#processes.set(name, recorded);
    this.#write();
  }

  delete(name: string): void {
    this.#processes.delete(name);
    this.#write();
  }

  #write(): void {
    // A data folder that was deleted under a running product leaves no next start to tell; stopping must go on.
    if (!existsSync(path.dirname(this.#file))) return;
    writePrivateFile(this.#file, JSON.stringify(Object.fromEntries(this.#processes), null, 2));
  }
}

function readRecord(file: string): z.infer<typeof stateSchema> {
  if (!existsSync(file)) return {};
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // A record of another version of this program: its processes are then found by their locks and ports.
    return {};
  }
}
