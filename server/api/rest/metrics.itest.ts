import { expect, it } from 'vitest';
import { jobs, workers } from '@/db/schema';
import { handleMetrics } from '@/server/api/rest/handlers';
import { testWorld } from '@/server/services/testing/world';

const { db } = await testWorld();

/** Value of the sample of this name and labels; null when there is none. */
function valueOf(text: string, sample: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? null : Number(line.slice(sample.length + 1));
}

it('tells a scraper what is in the database at this moment', async () => {
  const hour = 3_600_000;
  await db
    .insert(jobs)
    .values([
      { kind: 'execution' },
      { kind: 'execution' },
      { kind: 'execution', runAt: new Date(Date.now() + hour) },
      { kind: 'execution', runAt: new Date(Date.now() + hour), failures: 3, lastError: 'the cloud broke' },
    ]);
  await db.insert(workers).values({ id: 'one', host: 'here', pid: 1, version: '0' });

  const answer = await handleMetrics();
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(valueOf(text, 'signalbox_database_up')).toBe(1);
  expect(valueOf(text, 'signalbox_jobs{state="due"}')).toBe(2);
  expect(valueOf(text, 'signalbox_jobs{state="later"}')).toBe(1);
  expect(valueOf(text, 'signalbox_jobs{state="failing"}')).toBe(1);
  expect(valueOf(text, 'signalbox_workers{state="alive"}')).toBe(1);
  expect(text).toContain('signalbox_web_process_cpu_seconds_total');
});
