import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CloudError } from '@/server/local-cloud/errors';
import { Operations } from '@/server/local-cloud/operations';
import { Store } from '@/server/local-cloud/state';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-state-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const nothing = () => Promise.resolve();

it('performs an operation once, also when asked many times at once', async () => {
  const operations = new Operations(await Store.open(dir));
  let performed = 0;
  const ask = (fence: number) =>
    operations.perform({ id: 'a', fence }, nothing, () => ({ nth: ++performed }));
  const answers = await Promise.all([ask(1), ask(1), ask(2)]);
  expect(answers.map((answer) => answer.result)).toEqual([{ nth: 1 }, { nth: 1 }, { nth: 1 }]);
  expect(answers.map((answer) => answer.replayed)).toEqual([false, true, true]);
  await expect(ask(1)).rejects.toMatchObject({ code: 'fenced' });
});

it('changes nothing when refused, yet remembers the fence and may be tried again', async () => {
  const store = await Store.open(dir);
  const operations = new Operations(store);
  const refused = operations.perform({ id: 'a', fence: 3 }, nothing, (draft) => {
    draft.firewalls.push({ region: 'eu', name: 'x', application: 'a', rules: [] });
    throw new CloudError('not_found', 'not yet');
  });
  await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  expect(store.current.firewalls).toEqual([]);
  await expect(operations.perform({ id: 'a', fence: 2 }, nothing, () => 1)).rejects.toMatchObject({
    code: 'fenced',
  });
  expect(await operations.perform({ id: 'a', fence: 3 }, nothing, () => 1)).toEqual({
    result: 1,
    replayed: false,
  });
});

it('keeps change and result together on disk', async () => {
  const first = new Operations(await Store.open(dir));
  await first.perform({ id: 'a', fence: 1 }, nothing, (draft) => {
    draft.firewalls.push({ region: 'eu', name: 'x', application: 'a', rules: [] });
    return 'done';
  });
  const store = await Store.open(dir);
  expect(store.current.firewalls).toHaveLength(1);
  const again = await new Operations(store).perform({ id: 'a', fence: 1 }, nothing, () => 'twice');
  expect(again).toEqual({ result: 'done', replayed: true });
});

it('refuses to start on a state file that it cannot read, and leaves it there', async () => {
  writeFileSync(join(dir, 'state.json'), '{"format":');
  await expect(Store.open(dir)).rejects.toThrow(/cannot be read as the platform’s state: restore it/);
});
