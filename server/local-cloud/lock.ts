import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError, systemErrorCode } from '@/server/local-cloud/errors';
import { isRunning, processIdentity } from '@/server/local-cloud/instances/identity';

const lockSchema = z.object({ pid: z.number(), startedAt: z.string() });

/**
 * Two platforms over one folder would fight over the same processes.
 * @returns a function that gives the folder back.
 * @throws StartupError when a live platform has it.
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'lock.json');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const descriptor = openSync(path, 'wx', 0o600);
      writeFileSync(descriptor, JSON.stringify(processIdentity(process.pid)));
      closeSync(descriptor);
      return () => rmSync(path, { force: true });
    } catch (error) {
      const code = systemErrorCode(error);
      if (code !== 'EEXIST') {
        throw new StartupError(`cannot write to ${dir} (${code}): choose another SIGNALBOX_CLOUD_DIR`);
      }
      const holder = readHolder(path);
      if (holder && isRunning(holder)) {
        throw new StartupError(
          `another local cloud (process ${holder.pid}) already runs on ${dir}: stop it first`,
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new StartupError(`could not lock ${dir}: another local cloud is starting there`);
}

/** Null for a file left half-written by a crash. */
function readHolder(path: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
