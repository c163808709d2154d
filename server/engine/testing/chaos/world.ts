import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { createEffects } from '@/server/engine/testing/effects';
import { type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { startWorker, type WorkerProcess } from '@/server/engine/testing/worker-process';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';
import {
  POSTGRES_STOP_SIGNAL,
  type StartedPostgres,
  startPostgres,
} from '@/server/supervisor/postgres/postgres';
import { stopProcess } from '@/server/supervisor/process/running';

/** Real processes that can be killed at any moment: Postgres with its production settings, the local cloud, workers. */
export class World {
  readonly kills = { worker: 0, database: 0, cloud: 0 };
  /** When the platform last came back: until then, and a moment longer, nobody can say what is healthy. */
  cloudBackAt = 0;
  /** Ends of workers that nobody asked for. */
  readonly surprises: string[] = [];
  private readonly workers: (WorkerProcess | null)[] = [];

  private constructor(
    private readonly dataDir: string,
    private postgres: StartedPostgres,
    readonly database: DatabaseHandle,
    readonly platform: TestPlatform,
    private cloud: CloudProcess,
  ) {}

  static async create(workers: number): Promise<World> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'signalbox-chaos-'));
    const postgres = await startDatabase(dataDir);
    await migrateDatabase(postgres.url, 'db/migrations');
    const database = createDatabase(postgres.url, { max: 10 });
    await createEffects(database);
    const platform = await testPlatform(database);
    const world = new World(dataDir, postgres, database, platform, platform.cloud);
    await Promise.all(Array.from({ length: workers }, (_, index) => world.startWorker(index)));
    return world;
  }

  async killWorker(index: number): Promise<void> {
    const worker = this.workers[index % this.workers.length];
    if (!worker) return;
    this.workers[index % this.workers.length] = null;
    worker.kill('SIGKILL');
    await worker.exited;
    this.kills.worker += 1;
    await this.startWorker(index % this.workers.length);
  }

  async killDatabase(awayMs: number): Promise<void> {
    this.postgres.process.signal('SIGKILL');
    await this.postgres.process.exited;
    this.kills.database += 1;
    await pause(awayMs);
    this.postgres = await startDatabase(this.dataDir);
  }

  async killCloud(awayMs: number): Promise<void> {
    this.cloudBackAt = Number.POSITIVE_INFINITY;
    this.cloud.kill('SIGKILL');
    await this.cloud.exited;
    this.kills.cloud += 1;
    await pause(awayMs);
    // Its address may be another one; whoever needs it reads it in the folder.
    this.cloud = await startCloudProcess(this.cloud.dir);
    this.cloudBackAt = Date.now();
  }

  /** Ends everything, also after a failure half way. */
  async stop(): Promise<void> {
    const workers = this.workers.splice(0).filter((worker) => worker !== null);
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.exited));
    await this.database.close();
    await stopProcess(this.postgres.process, POSTGRES_STOP_SIGNAL, 5_000);
    await disposeCloud(this.cloud);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Tries again while the database is away, as the supervisor does. */
  private async startWorker(index: number): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const worker = await startWorker('server/engine/testing/chaos/worker.ts', {
          DATABASE_URL: this.postgres.url,
        });
        this.workers[index] = worker;
        void worker.exited.then((how) => {
          if (this.workers[index] === worker) this.surprises.push(`${how}: ${worker.lines.at(-1)}`);
        });
        return;
      } catch (error) {
        if (tries > 20) throw error;
        await pause(250);
      }
    }
  }
}

function startDatabase(dataDir: string): Promise<StartedPostgres> {
  return startPostgres({ root: process.cwd(), dataDir, logFile: path.join(dataDir, 'postgres.log') });
}
