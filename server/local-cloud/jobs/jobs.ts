import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ArtifactLibrary } from '@/server/local-cloud/artifacts/library';
import { capLog } from '@/server/local-cloud/instances/logs';
import { endGroup } from '@/server/local-cloud/instances/orphans';
import { adoptProcess, type InstanceProcess } from '@/server/local-cloud/instances/process';
import type { JobFolders, JobProcessRecord } from '@/server/local-cloud/jobs/folders';
import { type JobHost, JobRun } from '@/server/local-cloud/jobs/run';
import type { CloudState, JobEnd, JobRecord, Store } from '@/server/local-cloud/state';

export interface JobsOptions {
  /** Marks this platform's processes among all on the machine. */
  readonly owner: string;
  readonly store: Store;
  readonly library: ArtifactLibrary;
  readonly folders: JobFolders;
  readonly log: Logger;
  /** A job started or ended: watchers follow. */
  readonly changed: (job: JobRecord) => void;
}

/** Ended jobs that can still be asked about. */
const REMEMBERED = 200;
/** What is kept of each log of an ended job. */
const KEPT_LOG_BYTES = 64 * 1024;
const STOP_PATIENCE_MS = 2_000;
const WRITE_AGAIN_MS = 1_000;

/** Runs every job that was asked for once, to its end. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #host: JobHost;
  readonly #runs = new Map<string, JobRun>();
  readonly #open = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    const { owner, folders, library, store, log } = options;
    this.#host = {
      owner,
      folders,
      library,
      stopCause: (id) => find(store.current, id)?.stopping ?? null,
      timedOut: (id) =>
        store
          .commit((draft) => {
            const job = find(draft, id);
            if (job) job.stopping ??= 'timeout';
          })
          .catch((error: unknown) => log.error({ err: error, job: id }, 'a time-out could not be recorded')),
    };
  }

  /** Leaders of the process groups that an earlier run left. */
  processGroups(): number[] {
    return [...this.#options.folders.processes().values()].flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /** Takes over what an earlier run left, and concludes what ended meanwhile. */
  recover(): { adoptedJobs: number } {
    const { folders, store, owner } = this.#options;
    const processes = folders.processes();
    let adoptedJobs = 0;
    for (const job of store.current.jobs) {
      if (job.ended) {
        folders.finish(job.id);
        continue;
      }
      const record = processes.get(job.id);
      // Without a record it was accepted and never started: reconcile does that.
      if (!record) continue;
      const process = processOf(record);
      if (process) adoptedJobs++;
      else if (record.pid !== null) endGroup(owner, record.pid);
      this.#follow(job, (run) => (process ? run.adopt(process) : run.conclude(unseen(record))));
    }
    folders.removeOthers(new Set(store.current.jobs.map((job) => job.id)));
    this.reconcile();
    return { adoptedJobs };
  }

  /** Starts what was asked for and stops what is to stop. Called after every change. */
  reconcile(): void {
    if (this.#stopping) return;
    for (const job of this.#options.store.current.jobs) {
      if (job.ended) continue;
      if (!this.#runs.has(job.id)) this.#follow(job, (run) => run.start());
      if (job.stopping) this.#runs.get(job.id)?.stop();
    }
  }

  /** Ends every job, fast. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const { store, log } = this.#options;
    const marked = store.commit((draft) => {
      for (const job of draft.jobs) if (!job.ended) job.stopping ??= 'shutdown';
    });
    await marked.catch((error: unknown) => log.error({ err: error }, 'the end of jobs is not recorded'));
    for (const run of this.#runs.values()) run.stopAtOnce();
    await Promise.race([Promise.all(this.#open), sleep(STOP_PATIENCE_MS, undefined, { ref: true })]);
  }

  /** Lets go of the jobs without ending them, for the next run to adopt. */
  release(): void {
    this.#stopping = true;
  }

  #follow(job: JobRecord, begin: (run: JobRun) => Promise<JobEnd>): void {
    const run = new JobRun(job, this.#host);
    this.#runs.set(job.id, run);
    const whole = begin(run)
      .then((end) => this.#finish(job, end))
      .catch((error: unknown) => this.#options.log.error({ err: error, job: job.id }, 'job lost'));
    this.#open.add(whole);
    void whole.finally(() => this.#open.delete(whole));
    this.#options.changed(job);
  }

  async #finish(job: JobRecord, end: JobEnd): Promise<void> {
    const { folders, changed } = this.#options;
    const forgotten = await this.#record(job.id, end);
    for (const log of [folders.stdout(job.id), folders.stderr(job.id)])
      capLog(log, KEPT_LOG_BYTES, KEPT_LOG_BYTES);
    folders.finish(job.id);
    for (const id of forgotten) folders.remove(id);
    this.#runs.delete(job.id);
    changed(job);
  }

  /** Until it is on disk: an end that is not recorded would leave the job running for ever. */
  async #record(id: string, end: JobEnd): Promise<string[]> {
    for (;;) {
      try {
        return await this.#options.store.commit((draft) => conclude(draft, id, end));
      } catch (error) {
        this.#options.log.error({ err: error, job: id }, 'the end of a job could not be recorded');
        await sleep(WRITE_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}

/** @returns ids of old jobs that are forgotten. */
function conclude(draft: CloudState, id: string, end: JobEnd): string[] {
  const job = find(draft, id);
  if (!job) return [];
  job.ended = end;
  job.config = {};
  const old = draft.jobs
    .flatMap((one) => (one.ended ? [{ id: one.id, at: one.ended.at }] : []))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(REMEMBERED)
    .map((one) => one.id);
  draft.jobs = draft.jobs.filter((one) => !old.includes(one.id));
  return old;
}

function find(state: Readonly<CloudState>, id: string): JobRecord | undefined {
  return state.jobs.find((job) => job.id === id);
}

function processOf({ pid, processStartedAt }: JobProcessRecord): InstanceProcess | null {
  return pid === null || processStartedAt === null
    ? null
    : adoptProcess({ pid, startedAt: processStartedAt });
}

function unseen({ pid }: JobProcessRecord): string {
  return pid === null
    ? 'the platform went down as it started the job, which was ended for that'
    : 'it ended while the platform was away, and its exit code is not known';
}
