import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { startCloud } from '@/server/local-cloud/cloud';
import { readConfig } from '@/server/local-cloud/config';
import { StartupError, systemErrorCode } from '@/server/local-cloud/errors';
import { lockFolder } from '@/server/local-cloud/lock';

/** Process entry of the local cloud. */
async function main(): Promise<void> {
  const log = pino({ name: 'local-cloud' });
  const config = readConfig(process.env);
  makeFolder(config.dir);
  const unlock = lockFolder(config.dir);
  const cloud = startCloud(config, log);
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'local cloud stopping');
    await (await cloud).stop();
    unlock();
    process.exit(0);
  };
  // Before the start is complete: what it has launched by then must not be left behind.
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  await cloud.catch((error: unknown) => {
    unlock();
    throw error;
  });
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartupError(
      `cannot write to ${dir} (${systemErrorCode(error)}): choose another SIGNALBOX_CLOUD_DIR`,
    );
  }
}

main().catch((error: unknown) => {
  const expected = error instanceof StartupError;
  process.stderr.write(
    `local cloud: ${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
});
