import { setTimeout as sleep } from 'node:timers/promises';
import { packFolder } from '@/server/local-cloud/artifacts/archive';
import type { ArtifactLibrary } from '@/server/local-cloud/artifacts/library';
import { capLog, tellingLine } from '@/server/local-cloud/instances/logs';
import { endGroup } from '@/server/local-cloud/instances/orphans';
import { type InstanceProcess, launchProcess } from '@/server/local-cloud/instances/process';
import { recordingExit } from '@/server/local-cloud/jobs/command';
import { jobEnvironment } from '@/server/local-cloud/jobs/environment';
import type { JobFolders } from '@/server/local-cloud/jobs/folders';
import type { JobEnd, JobRecord, StopCause } from '@/server/local-cloud/state';

/** What a job needs from the platform around it. */
export interface JobHost {
  readonly owner: string;
  readonly folders: JobFolders;
  readonly library: Pick<ArtifactLibrary, 'copy' | 'publishFile'>;
  /** Why the job is to end early, as it stands now. */
  stopCause(id: string): StopCause | null;
  /** Its time is over: says so where `stopCause` finds it. Never rejects. */
  timedOut(id: string): Promise<void>;
}

/** Time a job has between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;
const HURRIED_GRACE_MS = 1_200;
const LOOK_AT_LOGS_MS = 1_000;
/** What a shell reports for a command that SIGKILL ended: 128 + 9. */
const EXIT_CODE_OF_KILLED = 137;

/** One job from its start, or from its adoption by a later run of the platform, to its end. */
export class JobRun {
  readonly #job: JobRecord;
  readonly #host: JobHost;
  readonly #stop = new AbortController();
  #graceMs = GRACE_MS;

  constructor(job: JobRecord, host: JobHost) {
    this.#job = job;
    this.#host = host;
  }

  /** Ends the process early; the record says why. */
  stop(): void {
    this.#stop.abort();
  }

  /** The same, for a platform that is going itself. */
  stopAtOnce(): void {
    this.#graceMs = HURRIED_GRACE_MS;
    this.stop();
  }

  /** Starts the command in a copy of the artifact and follows it. Never rejects. */
  start(): Promise<JobEnd> {
    return this.#toItsEnd(() => this.#launch());
  }

  /** Follows a process of an earlier run of the platform. Never rejects. */
  adopt(process: InstanceProcess): Promise<JobEnd> {
    return this.#toItsEnd(() => Promise.resolve(process));
  }

  /** For one whose process ended while the platform was away. Never rejects. */
  conclude(unseen: string): Promise<JobEnd> {
    return this.#conclude(unseen).catch((error: unknown) => this.#failed(null, describe(error)));
  }

  async #toItsEnd(begin: () => Promise<InstanceProcess | null>): Promise<JobEnd> {
    try {
      const process = await begin();
      const reason = process ? await this.#follow(process) : 'it was not started';
      return await this.#conclude(`${reason}, and its exit code is not known`);
    } catch (error) {
      return this.#failed(null, describe(error));
    }
  }

  /** @returns null when it was called off before it ran. */
  async #launch(): Promise<InstanceProcess | null> {
    const { folders, library, owner } = this.#host;
    const { id, artifact, command } = this.#job;
    folders.prepare(id);
    await library.copy(artifact.digest, folders.work(id));
    if (this.#stop.signal.aborted) return null;
    folders.write({ id, pid: null, processStartedAt: null });
    const process = await launchProcess({
      command: recordingExit(command, folders.exitFile(id)),
      folder: folders.work(id),
      environment: jobEnvironment(this.#job, folders.scratch(id), owner),
      stdoutPath: folders.stdout(id),
      stderrPath: folders.stderr(id),
    });
    const { pid, startedAt } = process.identity;
    try {
      folders.write({ id, pid, processStartedAt: startedAt });
    } catch (error) {
      // Not recorded, it could not be found again after a crash: it must not live.
      process.signal('SIGKILL');
      throw error;
    }
    return process;
  }

  /** @returns how the process ended, in words. */
  async #follow(process: InstanceProcess): Promise<string> {
    const over = new AbortController();
    const asked = AbortSignal.any([over.signal, this.#stop.signal]);
    void this.#capLogs(over.signal);
    const due = this.#untilDue(asked);
    const reason = await Promise.race([process.ended, due]);
    if (reason === null) await this.#end(process, over.signal);
    over.abort();
    const how = await process.ended;
    endGroup(this.#host.owner, process.identity.pid);
    return how;
  }

  /** Resolves with null when the process is to be ended, because it was asked for or is due. */
  async #untilDue(asked: AbortSignal): Promise<null> {
    const { id, startedAt, timeoutSeconds } = this.#job;
    const left = Date.parse(startedAt) + timeoutSeconds * 1_000 - Date.now();
    await pause(Math.max(0, left), asked);
    if (!asked.aborted) await this.#host.timedOut(id);
    return null;
  }

  async #end(process: InstanceProcess, over: AbortSignal): Promise<void> {
    process.signal('SIGTERM');
    await Promise.race([process.ended, pause(this.#graceMs, over)]);
    process.signal('SIGKILL');
    // The end of an adopted process is polled for by a timer that would not keep us alive.
    await Promise.race([process.ended, pause(GRACE_MS, over)]);
  }

  async #capLogs(over: AbortSignal): Promise<void> {
    const { folders } = this.#host;
    while (!over.aborted) {
      await pause(LOOK_AT_LOGS_MS, over);
      capLog(folders.stdout(this.#job.id));
      capLog(folders.stderr(this.#job.id));
    }
  }

  /** @param unseen what to say when nobody knows how the command ended. */
  async #conclude(unseen: string): Promise<JobEnd> {
    const { folders } = this.#host;
    const { id, into } = this.#job;
    const exitCode = folders.exitCode(id);
    if (into !== null && exitCode === 0 && this.#host.stopCause(id) === null)
      await packFolder(folders.work(id), folders.packed(id));
    const cause = this.#host.stopCause(id);
    if (cause !== null) return this.#stopped(cause, exitCode);
    if (exitCode === null) return this.#failed(null, unseen);
    if (exitCode !== 0) {
      const detail = tellingLine(folders.stderr(id));
      return this.#failed(exitCode, `exited with code ${exitCode}${detail === null ? '' : `: ${detail}`}`);
    }
    return { status: 'succeeded', exitCode, reason: null, at: now(), artifact: await this.#publish() };
  }

  async #publish(): Promise<JobEnd['artifact']> {
    const { into, id } = this.#job;
    if (into === null) return null;
    const { artifact } = await this.#host.library.publishFile(
      into.name,
      into.version,
      this.#host.folders.packed(id),
    );
    return { name: artifact.name, version: artifact.version, digest: artifact.digest };
  }

  #stopped(cause: StopCause, exitCode: number | null): JobEnd {
    switch (cause) {
      case 'cancel':
        return { status: 'canceled', exitCode, reason: 'was canceled', at: now(), artifact: null };
      case 'timeout': {
        const reason = `was ended after ${this.#job.timeoutSeconds} s, the time it was given`;
        return this.#failed(exitCode ?? EXIT_CODE_OF_KILLED, reason);
      }
      case 'shutdown':
        return this.#failed(null, 'the platform was shut down while it ran');
      default:
        return cause satisfies never;
    }
  }

  #failed(exitCode: number | null, reason: string): JobEnd {
    return { status: 'failed', exitCode, reason, at: now(), artifact: null };
  }
}

function now(): string {
  return new Date().toISOString();
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A wait that an abort cuts short without an error. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}
