import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { testDatabase } from '@/db/test/database';
import { systemClock } from '@/server/domain/clock';
import { permissionsOf } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';
import { EventHub } from '@/server/services/events/hub';
import { type EventBatch, streamEvents } from '@/server/services/events/stream';

const { db, pool } = await testDatabase();
const ctx: ServiceContext = {
  db,
  clock: systemClock,
  actor: {
    userId: null,
    name: 'x',
    roles: ['engineer'],
    permissions: permissionsOf(['engineer']),
    via: 'web',
  },
};
const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

/** A client: what it has been told so far. */
async function connect(after: string | null = null) {
  const controller = new AbortController();
  open.push(controller);
  const batches: EventBatch[] = [];
  const stream = streamEvents(ctx, { after, signal: controller.signal });
  const first = await stream.next();
  if (first.value) batches.push(first.value);
  const done = (async () => {
    for await (const batch of stream) batches.push(batch);
  })();
  return {
    batches,
    subjects: () => batches.flatMap((batch) => batch.events.map((event) => event.subject)),
    last: () => batches.at(-1)?.lastSeq ?? null,
    close: async () => {
      controller.abort();
      await done;
    },
  };
}

const say = (tx: Transaction, subject: string) => recordEvents(tx, [{ kind: 'execution', subject }]);
const sayNow = (subject: string) => db.transaction((tx) => say(tx, subject));

/** A transaction that says something and stays open until told. */
function slowly(subject: string) {
  let commit = () => undefined as void;
  const mayCommit = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let said = () => undefined as void;
  const hasSaid = new Promise<void>((resolve) => {
    said = resolve;
  });
  const done = db.transaction(async (tx) => {
    await say(tx, subject);
    said();
    await mayCommit;
  });
  return {
    said: hasSaid,
    commit: async () => {
      commit();
      await done;
    },
  };
}

describe('the live stream', () => {
  it('tells at once that it is connected, and then every change', async () => {
    const client = await connect();
    expect(client.batches).toMatchObject([{ events: [], reset: false }]);
    await sayNow('first');
    await sayNow('second');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['first', 'second']));
  });

  it('skips nothing when transactions commit in another order than they wrote', async () => {
    const client = await connect();
    const early = slowly('early');
    await early.said;
    const late = slowly('late');
    await late.said;
    await sayNow('in between');
    await late.commit();
    await early.commit();
    await vi.waitFor(() => expect(client.subjects().toSorted()).toEqual(['early', 'in between', 'late']));
  });

  it('skips nothing when the older transaction writes after the younger', async () => {
    const client = await connect();
    // The older takes its id first, the younger writes first, the older commits first.
    let write = () => undefined as void;
    const mayWrite = new Promise<void>((resolve) => {
      write = resolve;
    });
    let begun = () => undefined as void;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const older = db.transaction(async (tx) => {
      await tx.execute(sql`SELECT pg_current_xact_id()`);
      begun();
      await mayWrite;
      await say(tx, 'older');
    });
    await hasBegun;
    const younger = slowly('younger');
    await younger.said;
    write();
    await older;
    await vi.waitFor(() => expect(client.subjects()).toEqual(['older']));
    await younger.commit();
    await vi.waitFor(() => expect(client.subjects()).toEqual(['older', 'younger']));
  });

  it('does not overlook what is released by another transaction just while it looks', async () => {
    // One that says nothing itself, as most do: nobody is told when it ends.
    let end = () => undefined as void;
    const mayEnd = new Promise<void>((resolve) => {
      end = resolve;
    });
    let begun = () => undefined as void;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const holding = db.transaction(async (tx) => {
      await tx.execute(sql`SELECT pg_current_xact_id()`);
      begun();
      await mayEnd;
    });
    await hasBegun;
    let looks = 0;
    const watched = new Proxy(db, {
      get(target, name) {
        if (name !== 'execute') return Reflect.get(target, name) as unknown;
        return async (query: Parameters<typeof db.execute>[0]) => {
          const answer = await target.execute(query);
          // After the first look that followed the event, which found it held back.
          if (looks++ === 1) {
            end();
            await holding;
          }
          return answer;
        };
      },
    });
    const hub = new EventHub(watched, new AbortController().signal);
    const heard: (string | null)[] = [];
    const leave = await hub.subscribe(({ events }) =>
      heard.push(...events.map(({ event }) => event.subject)),
    );
    await sayNow('held back');
    // Sooner than the poll that would find it some time.
    await vi.waitFor(() => expect(heard).toEqual(['held back']), 3_000);
    leave();
  });

  it('tells a client that comes back what it has missed, once', async () => {
    const client = await connect();
    await sayNow('seen');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['seen']));
    await client.close();
    await sayNow('missed 1');
    await sayNow('missed 2');
    const again = await connect(client.last());
    await sayNow('live');
    await vi.waitFor(() => expect(again.subjects()).toEqual(['missed 1', 'missed 2', 'live']));
    expect(again.batches.every((batch) => !batch.reset)).toBe(true);
  });

  it('makes a client read everything again when what it knew is gone, or is not ours', async () => {
    const client = await connect();
    await sayNow('old');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['old']));
    await client.close();
    await db.execute(sql`DELETE FROM events`);
    for (const place of [client.last(), '0.0', 'nonsense', '99999999.5']) {
      expect((await connect(place)).batches).toMatchObject([{ reset: true, events: [] }]);
    }
  });

  it('goes on after its connection was lost', async () => {
    const client = await connect();
    await sayNow('before');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['before']));
    await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN%'`);
    await sayNow('after');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['before', 'after']), { timeout: 8000 });
  });

  it('tells clients to read again when a foreign transaction holds the order up for long', async () => {
    const client = await connect();
    const foreign = slowly('foreign');
    await foreign.said;
    await sayNow('held back');
    await vi.waitFor(() => expect(client.batches.some((batch) => batch.reset)).toBe(true), { timeout: 8000 });
    await foreign.commit();
    await vi.waitFor(() => expect(client.subjects()).toEqual(['foreign', 'held back']));
  });

  it('orders transactions by number and not by digits', async () => {
    await db.execute(sql`DELETE FROM events`);
    await db.execute(sql`INSERT INTO events (seq, xid, kind, subject) VALUES
      (9001, '99', 'stage', 'ninety-nine'), (9002, '100', 'stage', 'a hundred'), (9003, '20', 'stage', 'twenty')`);
    const client = await connect('20.9003');
    expect(client.subjects()).toEqual(['ninety-nine', 'a hundred']);
    expect((await connect()).last()).toBe('100.9002');
  });

  it('gives its database connection back when the last client has gone', async () => {
    const clients = await Promise.all([connect(), connect(), connect()]);
    for (const client of clients) await client.close();
    const listening = async () => {
      const { rows } = await pool.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      return rows.length;
    };
    await vi.waitFor(async () => expect(await listening()).toBe(0));
    const client = await connect();
    await sayNow('back again');
    await vi.waitFor(() => expect(client.subjects()).toEqual(['back again']));
  });
});
