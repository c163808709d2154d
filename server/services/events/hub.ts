import type { PoolClient } from 'pg';
import type { Database } from '@/db/client';
import { CHANNEL } from '@/server/domain/events';
import {
  countHeldBack,
  type LoggedEvent,
  type LogPlace,
  readAfter,
  readNewestPlace,
} from '@/server/services/events/log';

/** News for those who listen: events in order, or "read everything again". */
export interface News {
  readonly events: readonly LoggedEvent[];
  readonly place: LogPlace;
  readonly reset: boolean;
}

export type Listener = (news: News) => void;

const BATCH = 1000;
/** Notices can be lost with their connection; this bounds how long an event then stays unseen. */
const POLL_MS = 5000;
const RECONNECT_MS = 500;
/** Transactions of ours last milliseconds. */
const HELD_BACK_RETRY_MS = 25;
/** A transaction this old is not ours: a backup, a migration, another tenant of the server. */
const HELD_BACK_TOO_LONG_MS = 1000;

/**
 * Reads the event log once for all listeners of this process: one connection listens, and each
 * notice makes one read. Runs while anyone listens.
 */
export class EventHub {
  /** Aborts when the process is about to end, so that streams end and clients go elsewhere. */
  readonly closing: AbortSignal;
  readonly #db: Database;
  readonly #listeners = new Set<Listener>();
  #place: LogPlace | null = null;
  #connection: Promise<void> | null = null;
  #client: PoolClient | null = null;
  #poll: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #heldSince: number | null = null;
  #heldTold = 0;

  constructor(db: Database, closing: AbortSignal) {
    this.#db = db;
    this.closing = closing;
  }

  /** Begins to listen; what commits after the promise resolves is told. */
  async subscribe(listener: Listener): Promise<() => void> {
    this.#listeners.add(listener);
    this.#connection ??= this.#start();
    try {
      await this.#connection;
    } catch (error) {
      this.#unsubscribe(listener);
      throw error;
    }
    return () => this.#unsubscribe(listener);
  }

  #unsubscribe(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#stop();
  }

  async #start(): Promise<void> {
    await this.#listen();
    this.#place = await readNewestPlace(this.#db);
    this.#poll = setInterval(() => this.#pump(), POLL_MS);
    this.#poll.unref();
    // Everyone left while it was starting.
    if (this.#listeners.size === 0) this.#stop();
  }

  #stop(): void {
    if (this.#poll) clearInterval(this.#poll);
    if (this.#retry) clearTimeout(this.#retry);
    this.#client?.release(true);
    this.#client = null;
    this.#poll = null;
    this.#retry = null;
    this.#connection = null;
    this.#place = null;
  }

  async #listen(): Promise<void> {
    const client = await this.#db.$client.connect();
    this.#client = client;
    client.on('notification', () => this.#pump());
    // Without a listener the loss of the connection would end the process.
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    await client.query(`LISTEN ${CHANNEL.events}`);
  }

  #reconnect(lost: PoolClient): void {
    if (this.#client !== lost) return;
    this.#client = null;
    lost.release(true);
    const again = () => {
      if (this.#listeners.size === 0 || this.#client) return;
      this.#listen().then(
        () => this.#pump(),
        () => {
          this.#client = null;
          setTimeout(again, RECONNECT_MS).unref();
        },
      );
    };
    again();
  }

  /** Reads what is new, once at a time; a call while reading makes it read once more. */
  #pump(): void {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    this.#reading = this.#readAll()
      // The database is away: the poll and the reconnect try again.
      .catch(() => undefined)
      .finally(() => {
        this.#reading = null;
        if (this.#readAgain) {
          this.#readAgain = false;
          this.#pump();
        }
      });
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const from = this.#place;
      if (!from) return;
      // Counted before reading: what settles in between is read. The other way round it would be neither read nor
      // counted, and stay unseen until something else happens.
      const held = await countHeldBack(this.#db, from);
      const events = await readAfter(this.#db, from, BATCH);
      const last = events.at(-1);
      // Stopped, and perhaps started anew elsewhere, while the read was under way.
      if (this.#place !== from) return;
      if (last) {
        this.#place = last.place;
        this.#tell({ events, place: last.place, reset: false });
      }
      if (events.length < BATCH) return this.#waitForHeldBack(last?.place ?? from, held);
    }
  }

  #waitForHeldBack(place: LogPlace, held: number): void {
    if (held === 0) {
      this.#heldSince = null;
      this.#heldTold = 0;
      return;
    }
    const now = performance.now();
    this.#heldSince ??= now;
    const tooLong = now - this.#heldSince > HELD_BACK_TOO_LONG_MS;
    if (tooLong && held !== this.#heldTold) {
      // Their order cannot be vouched for yet, but that something changed can be told.
      this.#heldTold = held;
      this.#tell({ events: [], place, reset: true });
    }
    this.#retry ??= setTimeout(
      () => {
        this.#retry = null;
        this.#pump();
      },
      tooLong ? HELD_BACK_TOO_LONG_MS : HELD_BACK_RETRY_MS,
    ).unref();
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** One hub per database and process; on globalThis because Next instantiates modules several times. */
const KEY = Symbol.for('signalbox.web.eventHubs');
const holder = globalThis as typeof globalThis & {
  [KEY]?: { readonly hubs: WeakMap<Database, EventHub>; readonly closing: AbortSignal };
};

/** The hub of this process for a database. */
export function eventHub(db: Database): EventHub {
  holder[KEY] ??= { hubs: new WeakMap(), closing: abortOnTermination() };
  const { hubs, closing } = holder[KEY];
  const hub = hubs.get(db) ?? new EventHub(db, closing);
  hubs.set(db, hub);
  return hub;
}

/** An open stream keeps the web server from ending on SIGTERM. */
function abortOnTermination(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
