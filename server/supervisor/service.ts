import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@/server/domain/errors';
import { lastLogLine } from './logs';
import { type RunningProcess, stopProcess, watchEnd } from './process/running';

export interface ServiceSpec {
  readonly name: string;
  readonly logFile: string;
  start(): Promise<RunningProcess>;
  /** Whether it does its work now; absent for a process that has nothing to ask. */
  probe?(): Promise<boolean>;
  readonly stopSignal: NodeJS.Signals;
  /** After this many ms it is killed. */
  readonly stopTimeout: number;
}

export interface ServiceHooks {
  /** Told of every process that begins, and with null that none runs. */
  onProcess(name: string, running: RunningProcess | null): void;
  /** Told in words of an end that nobody asked for. */
  onTrouble(sentence: string): void;
}

/** Waits between restarts, in ms; the last one repeats. */
const BACK_OFF = [500, 1_000, 2_000, 5_000, 15_000] as const;
/** After this many ms of running, the next end is the first again. */
const STEADY = 30_000;
const READY_TIMEOUT = 60_000;
const PROBE_INTERVAL = 50;

/** One process of the product, started again whenever it ends, until `stop`. */
export class Service {
  #running: RunningProcess | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(
    private readonly spec: ServiceSpec,
    private readonly hooks: ServiceHooks,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  /**
   * Starts it and returns when the probe passes. Before that, an end is a failure to start.
   * @throws AppError with the last words of its log.
   */
  async start(): Promise<void> {
    const running = await this.#launch();
    const timeout = AbortSignal.timeout(READY_TIMEOUT);
    const ended = watchEnd(running);
    while (this.spec.probe && !(await this.spec.probe())) {
      if (this.#stop.signal.aborted) return;
      const words = ended();
      if (words !== null) throw this.#failure(words);
      if (timeout.aborted) throw this.#failure('does not answer');
      await delay(PROBE_INTERVAL);
    }
    void this.#keep(running);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#starting.catch(() => undefined);
    const running = this.#running;
    if (running) await stopProcess(running, this.spec.stopSignal, this.spec.stopTimeout);
    this.hooks.onProcess(this.name, null);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stop.abort();
    this.#running?.signal('SIGKILL');
  }

  async #keep(first: RunningProcess): Promise<void> {
    let running = first;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const since = Date.now();
      const words = await running.exited;
      if (this.#stop.signal.aborted) return;
      failures = Date.now() - since > STEADY ? 0 : failures;
      const next = await this.#restart(words, failures);
      if (next === null) return;
      failures += 1;
      running = next;
    }
  }

  /** Null when it was stopped meanwhile. */
  async #restart(words: string, failuresBefore: number): Promise<RunningProcess | null> {
    let reason = words;
    for (let failures = failuresBefore; ; failures++) {
      const wait = BACK_OFF[Math.min(failures, BACK_OFF.length - 1)] ?? STEADY;
      this.hooks.onTrouble(
        `${this.name} ${reason}; starting it again in ${wait / 1000} s (${this.spec.logFile})`,
      );
      const stopped = await delay(wait, false, {
        signal: this.#stop.signal,
      }).catch(() => true);
      if (stopped) return null;
      try {
        return await this.#launch();
      } catch (error) {
        reason = `could not be started: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }

  #launch(): Promise<RunningProcess> {
    const launch = this.spec.start().then((running) => {
      this.#running = running;
      this.hooks.onProcess(this.name, running);
      return running;
    });
    this.#starting = launch;
    return launch;
  }

  #failure(words: string): AppError {
    const last = lastLogLine(this.spec.logFile);
    return new AppError(
      'unavailable',
      `The ${this.name} ${words}${last ? ` (${last})` : ''}: its log is ${this.spec.logFile}.`,
    );
  }
}
