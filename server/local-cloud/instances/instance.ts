import { mkdirSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceHealth, Instance as InstanceView } from '@/server/domain/inventory';
import { crashBackoffMs, type HealthRules, probe } from '@/server/local-cloud/instances/health';
import { capLog, markStart, tellingLine } from '@/server/local-cloud/instances/logs';
import { residentBytes } from '@/server/local-cloud/instances/memory';
import type { Ports } from '@/server/local-cloud/instances/ports';
import { adoptProcess, type InstanceProcess, launchProcess } from '@/server/local-cloud/instances/process';
import type { InstanceRecord, InstanceRecords } from '@/server/local-cloud/instances/records';
import type { ArtifactManifest } from '@/server/local-cloud/state';

/** What an instance needs from the platform around it. */
export interface InstanceHost {
  readonly rules: HealthRules;
  readonly ports: Ports;
  readonly records: InstanceRecords;
  /** Its health changed, or it ended; routes and watchers follow. */
  changed(instance: Instance): void;
}

/** What an instance is, the same over all its restarts. */
export interface InstanceSpec {
  readonly id: string;
  readonly group: string;
  readonly manifest: ArtifactManifest;
  /** Verified, unpacked content of the artifact. */
  folder(): Promise<string>;
  environment(port: number, scratch: string): Record<string, string>;
}

/** A life at least this long with a healthy end is no part of a crash loop. */
const STABLE_MS = 10_000;
/** Below every common server's keep-alive time-out (Node: 5 s), so that we never write to a closing socket. */
const IDLE_SOCKET_MS = 3_000;
const MEMORY_EVERY_MS = 2_000;

/**
 * One instance, kept running until told to leave.
 *
 * starting → healthy ⇄ unhealthy; a process that ends or stays unhealthy makes it `down` for the
 * back-off, then starting again. `leave` makes it draining, and ends it when its requests have.
 */
export class Instance {
  health: InstanceHealth = 'starting';
  reason: string | null = 'waiting for its first healthy answer';
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: IDLE_SOCKET_MS });
  /** Settles when the first process has been asked for its health, or has ended. */
  readonly settled: Promise<void>;
  memoryBytes: number | null = null;
  port = 0;
  restarts: number;

  #startedAt: string;
  #inFlight = 0;
  #failures = 0;
  #announcedBytes = 0;
  #settle: () => void = () => undefined;
  #whenIdle: (() => void) | null = null;
  readonly #leave = new AbortController();
  readonly #hurry = new AbortController();
  // Made once: a listener for every life would pile up in a crash loop.
  readonly #left = aborted(this.#leave.signal);
  readonly #hurried = aborted(this.#hurry.signal);
  #drainMs: number;
  readonly #spec: InstanceSpec;
  readonly #host: InstanceHost;

  constructor(spec: InstanceSpec, host: InstanceHost, record?: InstanceRecord) {
    this.#spec = spec;
    this.#host = host;
    this.#drainMs = spec.manifest.drainSeconds * 1000;
    this.#startedAt = record?.startedAt ?? new Date().toISOString();
    this.restarts = record?.restarts ?? 0;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get id(): string {
    return this.#spec.id;
  }

  get group(): string {
    return this.#spec.group;
  }

  get leaving(): boolean {
    return this.#leave.signal.aborted;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get stdoutPath(): string {
    return join(this.#host.records.scratch(this.id), 'stdout.log');
  }

  get stderrPath(): string {
    return join(this.#host.records.scratch(this.id), 'stderr.log');
  }

  view(): InstanceView {
    return {
      id: this.id,
      health: this.health,
      reason: this.reason,
      startedAt: this.#startedAt,
      address: this.port === 0 ? null : `127.0.0.1:${this.port}`,
      restarts: this.restarts,
      memoryBytes: this.memoryBytes,
    };
  }

  /** A balancer holds the instance while a request is with it; draining waits for the return. */
  acquire(): void {
    this.#inFlight++;
  }

  release(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#whenIdle?.();
  }

  /** No new requests from now; ends when those in flight have finished or the drain time is over. */
  leave(): void {
    if (this.leaving) return;
    this.#leave.abort();
    this.#become('draining', 'finishing its requests before it stops');
  }

  /** Leaves at once, giving the process `graceMs` between SIGTERM and SIGKILL. */
  leaveAtOnce(): void {
    this.#drainMs = 0;
    this.#hurry.abort();
    this.leave();
  }

  /** Runs until the instance has left. */
  async run(adopted: InstanceProcess | null): Promise<void> {
    let process = adopted;
    while (!this.leaving) {
      process ??= await this.#start();
      const healthyMs = process === null ? 0 : await this.#live(process);
      process = null;
      this.#settle();
      if (this.leaving) break;
      await this.#backOff(healthyMs);
      this.restarts++;
    }
    this.#settle();
    this.agent.destroy();
    this.#host.ports.release(this.port);
    this.#host.records.remove(this.id);
  }

  async #start(): Promise<InstanceProcess | null> {
    const { records, ports } = this.#host;
    const scratch = records.scratch(this.id);
    try {
      mkdirSync(scratch, { recursive: true, mode: 0o700 });
      const folder = await this.#spec.folder();
      ports.release(this.port);
      this.port = await ports.take();
      const now = new Date();
      markStart(this.stderrPath, now);
      const started = await launchProcess({
        command: this.#spec.manifest.command,
        folder,
        environment: this.#spec.environment(this.port, scratch),
        stdoutPath: this.stdoutPath,
        stderrPath: this.stderrPath,
      });
      this.#startedAt = now.toISOString();
      this.#record(started);
      this.#become('starting', this.reason);
      return started;
    } catch (error) {
      this.reason = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  /** A process that cannot be recorded could not be found again after a crash: it must not live. */
  #record(started: InstanceProcess): void {
    try {
      this.#host.records.write({
        id: this.id,
        group: this.group,
        pid: started.identity.pid,
        processStartedAt: started.identity.startedAt,
        port: this.port,
        startedAt: this.#startedAt,
        restarts: this.restarts,
      });
    } catch (error) {
      started.signal('SIGKILL');
      throw error;
    }
  }

  /** Follows one process to its end. @returns how long it had been healthy, in milliseconds. */
  async #live(process: InstanceProcess): Promise<number> {
    const over = new AbortController();
    let healthySince: number | null = null;
    const sick = this.#watch(process.identity.pid, over.signal, () => {
      healthySince ??= performance.now();
    });
    const ended = process.ended.then((reason) => this.#explain(reason));
    const cause = await Promise.race([ended, sick, this.#left]);
    over.abort();
    if (this.leaving) await this.#drain(ended);
    else this.#become('down', cause ?? 'stopped');
    await this.#stop(process, ended);
    this.agent.destroy();
    this.memoryBytes = null;
    return healthySince === null ? 0 : performance.now() - healthySince;
  }

  /** @returns the reason when the process must be replaced; null when the watch was called off. */
  async #watch(pid: number, signal: AbortSignal, onHealthy: () => void): Promise<string | null> {
    const { rules } = this.#host;
    const startBy = performance.now() + rules.startupMs;
    let failures = 0;
    let everHealthy = false;
    let measureAt = 0;
    while (!signal.aborted) {
      const problem = await probe(this.port, this.#spec.manifest.healthPath, rules.timeoutMs);
      if (signal.aborted) return null;
      if (problem === null) {
        failures = 0;
        everHealthy = true;
        onHealthy();
        this.#become('healthy', null);
      } else if (everHealthy) {
        failures++;
        if (failures >= rules.replacedAfter) return problem;
        if (failures >= rules.unhealthyAfter) this.#become('unhealthy', problem);
      } else if (performance.now() > startBy) {
        return `was not healthy ${rules.startupMs / 1000} s after its start: ${problem}`;
      }
      this.#settle();
      if (performance.now() >= measureAt) {
        measureAt = performance.now() + MEMORY_EVERY_MS;
        this.#remember(await residentBytes(pid));
        capLog(this.stdoutPath);
        capLog(this.stderrPath);
      }
      await pause(everHealthy ? rules.intervalMs : rules.startingIntervalMs, signal);
    }
    return null;
  }

  async #drain(ended: Promise<unknown>): Promise<void> {
    if (this.#inFlight === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    const patience = new AbortController();
    await Promise.race([idle, ended, this.#hurried, pause(this.#drainMs, patience.signal)]);
    patience.abort();
  }

  async #stop(process: InstanceProcess, ended: Promise<unknown>): Promise<void> {
    process.signal('SIGTERM');
    const patience = new AbortController();
    const grace = pause(this.#host.rules.stopGraceMs, patience.signal);
    const hurried = this.#hurried.then(() => pause(HURRIED_GRACE_MS, patience.signal));
    await Promise.race([ended, grace, hurried]);
    patience.abort();
    process.signal('SIGKILL');
    await ended;
  }

  async #backOff(healthyMs: number): Promise<void> {
    this.#failures = healthyMs >= STABLE_MS ? 0 : this.#failures + 1;
    const portStolen = this.reason?.includes('EADDRINUSE') ?? false;
    if (this.#failures === 0 || (portStolen && this.#failures < 5)) return;
    const waitMs = crashBackoffMs(this.#failures - 1, this.#host.rules);
    this.#become('down', this.reason);
    await pause(waitMs, this.#leave.signal);
  }

  /** Watchers hear of memory only when it has moved by a tenth. */
  #remember(memoryBytes: number | null): void {
    this.memoryBytes = memoryBytes;
    if (Math.abs((memoryBytes ?? 0) - this.#announcedBytes) <= this.#announcedBytes / 10) return;
    this.#announcedBytes = memoryBytes ?? 0;
    this.#host.changed(this);
  }

  #explain(reason: string): string {
    const detail = tellingLine(this.stderrPath);
    return detail === null ? reason : `${reason}: ${detail}`;
  }

  #become(health: InstanceHealth, reason: string | null): void {
    // Once leaving, only the end of its process matters.
    if (this.leaving && health !== 'draining') return;
    if (this.health === health && this.reason === reason) return;
    this.health = health;
    this.reason = reason;
    this.#host.changed(this);
  }
}

const HURRIED_GRACE_MS = 1_200;

/** The process of an earlier run behind a record, or null when it has ended. */
export function processOfRecord(record: InstanceRecord): InstanceProcess | null {
  return adoptProcess({ pid: record.pid, startedAt: record.processStartedAt });
}

/** Resolves with null when the signal fires. */
function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

/** A wait that an abort cuts short without an error. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}
