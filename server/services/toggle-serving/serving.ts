import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@/db/client';
import type { Clock } from '@/server/domain/clock';
import type { Logger } from '@/server/log';
import { eventHub, type News } from '@/server/services/events/hub';
import { Coalescer } from '@/server/services/shared/coalesce';
import { type ClientKey, ClientKeys } from '@/server/services/toggle-serving/client-keys';
import { EvaluationCounts } from '@/server/services/toggle-serving/counts';
import { EnvironmentFlags } from '@/server/services/toggle-serving/environment-flags';
import { FlagStreams, refetchEvent } from '@/server/services/toggle-serving/flag-streams';
import { GoalCounts } from '@/server/services/toggle-serving/goals';
import { touchClientKeys } from '@/server/services/toggle-serving/key-use';
import { type Definitions, readDefinitions } from '@/server/services/toggle-serving/read-definitions';
import { StreamTokens } from '@/server/services/toggle-serving/stream-tokens';

export interface ServingParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The installation's. */
  readonly secret: string;
}

const RETRY_MS = 1_000;
const FLUSH_MS = 3_000;
/** The longest that Node's timers can wait is 24 days. */
const LONGEST_WAIT_MS = 86_400_000;
/** A client that was told of a change by another process waits for ours to know it no longer than this. */
const CATCH_UP_MS = 500;
const CATCH_UP_AGAIN_MS = 250;

/**
 * The toggles of all environments in the memory of this process. It reads the database when an event says that
 * something changed, and never because somebody asks for a flag.
 */
export class ToggleServing {
  readonly counts = new EvaluationCounts();
  readonly goals = new GoalCounts();
  readonly streams = new FlagStreams();
  readonly tokens: StreamTokens;
  /** Environments whose definitions cannot be used: they serve an older set. */
  readonly behind = new Set<string>();
  reloadFailures = 0;
  readonly #environments = new Map<string, EnvironmentFlags>();
  readonly #reloads = new Coalescer<void>();
  readonly #usedKeys = new Set<string>();
  #keys = new ClientKeys([]);
  #definitions: Definitions | null = null;
  #experiments: readonly string[] = [];
  #starting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #flusher: NodeJS.Timeout | null = null;
  #unsubscribe: (() => void) | null = null;
  #catchingUp: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(private readonly parts: ServingParts) {
    this.tokens = new StreamTokens(parts.secret);
  }

  /** Resolves once the first sets are there. @throws when the database cannot be read; the next call tries again. */
  async ready(): Promise<void> {
    if (this.#definitions) return;
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    await this.#starting;
  }

  get now(): Date {
    return this.parts.clock.now();
  }

  /** Null for a key that is unknown or revoked. */
  client(text: string): ClientKey | null {
    const key = this.#keys.find(text);
    if (key) this.#usedKeys.add(key.id);
    return key;
  }

  clientWithId(id: string): ClientKey | null {
    return this.#keys.withId(id);
  }

  /** Null where there is no such environment. */
  environment(name: string): EnvironmentFlags | null {
    return this.#environments.get(name) ?? null;
  }

  get environments(): IterableIterator<EnvironmentFlags> {
    return this.#environments.values();
  }

  /** Keys of the toggles that compare variants. */
  get experiments(): readonly string[] {
    return this.#experiments;
  }

  /** What is gathered is written; streams end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#unsubscribe?.();
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#flusher) clearInterval(this.#flusher);
    this.streams.closeUnless(() => false);
    await this.flush();
  }

  /** Writes counts and the use of keys; what fails is kept and tried again. */
  async flush(): Promise<void> {
    const used = [...this.#usedKeys];
    this.#usedKeys.clear();
    try {
      await this.counts.flush(this.parts.db);
      await this.goals.flush(this.parts.db);
      await touchClientKeys(this.parts.db, used);
    } catch (error) {
      for (const id of used) this.#usedKeys.add(id);
      this.parts.log.warn({ err: error }, 'counts of toggles are kept until the database answers');
    }
  }

  /**
   * Lets this process catch up with another one, which told a client of a set that is not known here.
   * @param etag of the set that the client was told of.
   */
  async catchUp(environment: string, etag: string): Promise<void> {
    if (this.environment(environment)?.etag === etag) return;
    // Kept for a while, so that clients who make etags up cannot make us read all the time.
    this.#catchingUp ??= Promise.race([this.#reload(), sleep(CATCH_UP_MS)]).finally(() => {
      setTimeout(() => {
        this.#catchingUp = null;
      }, CATCH_UP_AGAIN_MS).unref();
    });
    await this.#catchingUp;
  }

  async #start(): Promise<void> {
    const hub = eventHub(this.parts.db);
    // Listen first: what commits while the first read is under way is read again.
    this.#unsubscribe ??= await hub.subscribe((news) => this.#hear(news));
    await this.#loadInTurn();
    if (this.#flusher) return;
    this.#flusher = setInterval(() => void this.flush(), FLUSH_MS).unref();
    hub.closing.addEventListener('abort', () => void this.stop(), { once: true });
  }

  #hear(news: News): void {
    const isOurs = ({ event: { kind, application } }: News['events'][number]) =>
      kind === 'toggle' ||
      ((kind === 'inventory' || kind === 'application') &&
        application !== null &&
        this.#definitions?.watched.includes(application));
    if (news.reset || news.events.some(isOurs)) void this.#reload();
  }

  /** Many changes at once cost two reads. */
  async #reload(): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.#loadInTurn();
    } catch (error) {
      this.reloadFailures += 1;
      this.parts.log.error({ err: error }, 'toggles cannot be read; what was read last is served on');
      setTimeout(() => void this.#reload(), RETRY_MS).unref();
    }
  }

  /** One after another, or an older reading could take the place of a newer one. */
  #loadInTurn(): Promise<void> {
    return this.#reloads.run('all', () => this.#load());
  }

  async #load(): Promise<void> {
    const definitions = await readDefinitions(this.parts.db);
    this.#definitions = definitions;
    this.#experiments = definitions.toggles.flatMap(({ key, details }) =>
      details.kind === 'experiment' ? key : [],
    );
    this.#keys = new ClientKeys(definitions.clientKeys);
    const names = new Set(definitions.environments);
    for (const name of this.#environments.keys()) if (!names.has(name)) this.#environments.delete(name);
    for (const name of names)
      if (!this.#environments.has(name)) this.#environments.set(name, new EnvironmentFlags(name));
    this.streams.closeUnless(({ clientKeyId }) => this.#keys.withId(clientKeyId) !== null);
    this.#compileAll(definitions);
  }

  #compileAll(definitions: Definitions): void {
    for (const flags of this.#environments.values()) this.#compile(flags, definitions);
    this.#waitForSchedule();
  }

  #compile(flags: EnvironmentFlags, definitions: Definitions): void {
    const { environment } = flags;
    try {
      const { isChanged, faults } = flags.take(definitions, this.now);
      if (faults.size === 0) this.behind.delete(environment);
      else this.#complain(environment, Object.fromEntries(faults));
      if (isChanged && flags.etag) this.streams.send(environment, refetchEvent(flags.etag, flags.changedAt));
    } catch (error) {
      this.#complain(environment, error);
    }
  }

  #complain(environment: string, error: unknown): void {
    this.behind.add(environment);
    this.reloadFailures += 1;
    const words = 'toggles cannot be used as they are defined; what was right last is served on';
    this.parts.log.error({ err: error, environment }, words);
  }

  /** Schedules need no database: what is in memory is compiled again when the moment has come. */
  #waitForSchedule(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const moments = [...this.#environments.values()].flatMap(
      ({ nextChangeAt }) => nextChangeAt?.getTime() ?? [],
    );
    if (moments.length === 0 || this.#stopping) return;
    const wait = Math.min(Math.max(Math.min(...moments) - this.now.getTime(), 1), LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => {
      if (this.#definitions) this.#compileAll(this.#definitions);
    }, wait).unref();
  }
}
