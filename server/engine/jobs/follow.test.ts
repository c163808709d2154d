import { expect, it } from 'vitest';
import { followJob } from '@/server/engine/jobs/follow';

const STARTED_AT = '2026-11-21T10:00:00.000Z';

/** A job of a minute that its platform never ends, looked at so many seconds after it was started. */
async function lookedAtAfter(seconds: number) {
  const canceled: string[] = [];
  const runner = {
    describe: async () => ({
      status: 'running' as const,
      exitCode: null,
      reason: null,
      startedAt: STARTED_AT,
      endedAt: null,
      log: '',
      outputs: {},
    }),
    cancel: async (_operation: unknown, { name }: { name: string }) => void canceled.push(name),
  };
  const context = {
    config: { timeoutSeconds: 60, config: {} },
    fence: 1,
    signal: new AbortController().signal,
    stage: {
      id: 'stage',
      startedAt: new Date(STARTED_AT),
      outputs: { job: { account: 'cloud', region: 'eu', name: 'bake-stage' } },
    },
    services: {
      clock: { now: () => new Date(Date.parse(STARTED_AT) + seconds * 1_000) },
      provider: async () => ({}),
    },
  };
  const kind = { prefix: 'bake', runner: () => runner };
  const waiting = () => ({ key: 'literal', values: { text: 'it runs' } });
  const done = () => ({ status: 'succeeded' as const });
  // Only what following a job reads is there.
  const result = await followJob(context as never, kind, waiting, done);
  return { status: result.status, canceled };
}

it('ends a job that its platform lets run on, and not before the platform had the time to', async () => {
  expect(await lookedAtAfter(59)).toEqual({ status: 'running', canceled: [] });
  expect(await lookedAtAfter(100)).toEqual({ status: 'running', canceled: [] });
  expect(await lookedAtAfter(121)).toEqual({ status: 'errored', canceled: ['bake-stage'] });
});
