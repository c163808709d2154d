import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { identifyProcess, isRunning } from '@/server/supervisor/process/identity';
import {
  adoptProcess,
  type RunningProcess,
  spawnProcess,
  stopProcess,
} from '@/server/supervisor/process/running';
import { Service } from '@/server/supervisor/service';

const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-service-'));
const logFile = path.join(folder, 'child.log');
afterAll(() => rmSync(folder, { recursive: true }));

const PATIENT = 'setInterval(() => {}, 1000)';
const DEAF = `process.on('SIGTERM', () => {}); console.log('deaf'); ${PATIENT}`;

function spawnNode(script: string): Promise<RunningProcess> {
  return spawnProcess({
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env.PATH },
    cwd: folder,
    logFile,
  });
}

function serviceOf(script: string, probe?: () => Promise<boolean>) {
  const seen: RunningProcess[] = [];
  const troubles: string[] = [];
  const service = new Service(
    {
      name: 'child',
      logFile,
      start: () => spawnNode(script),
      ...(probe && { probe }),
      stopSignal: 'SIGTERM',
      stopTimeout: 200,
    },
    {
      onProcess: (_name, running) => {
        if (running) seen.push(running);
      },
      onTrouble: (sentence) => troubles.push(sentence),
    },
  );
  return { service, seen, troubles };
}

it('starts a process that was killed again, and says so', async () => {
  const { service, seen, troubles } = serviceOf(PATIENT);
  await service.start();
  seen[0]?.signal('SIGKILL');
  await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 10_000 });
  expect(troubles[0]).toMatch(/^child was ended by SIGKILL; starting it again/);
  await service.stop();
  expect(seen.some(isRunning)).toBe(false);
});

it('kills a process that does not stop when asked', async () => {
  const { service, seen } = serviceOf(DEAF, async () => readFileSync(logFile, 'utf8').includes('deaf'));
  await service.start();
  await service.stop();
  expect(seen.map((running) => isRunning(running))).toEqual([false]);
});

it('fails to start with the last words of a process that ends before it is ready', async () => {
  const { service } = serviceOf("console.error('no such region: mars'); process.exit(3)", async () => false);
  await expect(service.start()).rejects.toThrow('The child exited with code 3 (no such region: mars)');
});

it('does not start again what is being stopped', async () => {
  const { service, seen } = serviceOf(PATIENT);
  await service.start();
  await service.stop();
  await expect(service.stop()).resolves.toBeUndefined();
  expect(seen).toHaveLength(1);
});

it('adopts a running process, notices its end, and no other with its number', async () => {
  const child = await spawnNode(PATIENT);
  const adopted = adoptProcess(child);
  expect(adopted?.pid).toBe(child.pid);
  expect(adoptProcess({ pid: child.pid, startedAt: 'another time' })).toBeNull();
  await stopProcess(child, 'SIGTERM', 1_000);
  await expect(adopted?.exited).resolves.toBe('ended');
  expect(identifyProcess(child.pid)).toBeNull();
});
