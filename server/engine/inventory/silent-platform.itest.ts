import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { NO_ANSWER } from '@/server/domain/unseen';
import { watchAccount } from '@/server/engine/inventory/watch-account';
import { createLogger } from '@/server/log';
import { createKubernetesProvider } from '@/server/providers/kubernetes/adapter';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';

const { db } = await testDatabase();

interface Silence {
  readonly url: string;
  asked(): number;
  stop(): Promise<void>;
}

/** Takes every connection and never says a word. */
async function startSilence(): Promise<Silence> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return { url: `http://127.0.0.1:${address.port}`, asked: () => sockets.size, stop };
}

function kubeconfigOf(server: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-silent-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'kubeconfig');
  writeKubeconfig(file, server);
  return file;
}

function writeKubeconfig(file: string, server: string): void {
  const parts = {
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'a', user: { token: 't' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  };
  writeFileSync(file, JSON.stringify(parts));
}

it('notes that a platform gives no answer, and keeps when it was seen', async () => {
  const platform = await startSilence();
  await db
    .insert(accounts)
    .values({ name: 'far', provider: 'kubernetes', seenAt: sql`now() - interval '5 minutes'` });
  const kubeconfig = kubeconfigOf(platform.url);
  const config = kubernetesConfigSchema.parse({ kubeconfig, namespaces: ['shop'] });
  const leaving = new AbortController();
  const watching = watchAccount({
    db,
    account: 'far',
    provider: async () => createKubernetesProvider('far', config),
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
    silentMs: 200,
  });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  const account = async () => (await db.select().from(accounts).where(eq(accounts.name, 'far')))[0];
  const before = (await account())?.seenAt;
  await vi.waitFor(async () => expect((await account())?.error).toBe(NO_ANSWER), 10_000);
  expect(platform.asked()).toBeGreaterThan(0);
  expect((await account())?.seenAt).toEqual(before);
  const { rows } = await db.execute(sql`SELECT status FROM events WHERE kind = 'account'`);
  expect(rows).toEqual([{ status: 'lost' }]);
});

it('goes to the server of a kubeconfig that is corrected while it is watched', async () => {
  const [gone, platform] = [await startSilence(), await startSilence()];
  await gone.stop();
  await db.insert(accounts).values({ name: 'moved', provider: 'kubernetes' });
  const kubeconfig = kubeconfigOf(gone.url);
  const config = kubernetesConfigSchema.parse({ kubeconfig, namespaces: ['shop'] });
  const provider = createKubernetesProvider('moved', config);
  const leaving = new AbortController();
  const watching = watchAccount({
    db,
    account: 'moved',
    provider: async () => provider,
    logger: createLogger('worker', 'fatal'),
    signal: leaving.signal,
  });
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  const account = async () => (await db.select().from(accounts).where(eq(accounts.name, 'moved')))[0];
  await vi.waitFor(async () => expect((await account())?.error).toContain('ECONNREFUSED'), 10_000);
  writeKubeconfig(kubeconfig, platform.url);
  await vi.waitFor(() => expect(platform.asked()).toBeGreaterThan(0), 15_000);
});
