import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inspectArchive, packFolder, unpackArchive } from '@/server/local-cloud/artifacts/archive';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-archive-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The same content, made in the given order and at another time. */
function folder(name: string, order: readonly string[], age: number): string {
  const path = join(dir, name);
  mkdirSync(join(path, '@scope', 'empty'), { recursive: true });
  for (const file of order) {
    writeFileSync(join(path, file), `content of ${file}`);
    utimesSync(join(path, file), age, age);
  }
  return path;
}

it('packs the same content into the same bytes, whenever and in whatever order it was made', async () => {
  const [first, second] = [join(dir, '1.tgz'), join(dir, '2.tgz')];
  await packFolder(folder('one', ['b', 'a', '@scope/c'], 1_000), first);
  await packFolder(folder('two', ['@scope/c', 'a', 'b'], 2_000), second);
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  await inspectArchive(first);
  await unpackArchive(first, join(dir, 'again'));
  expect(readFileSync(join(dir, 'again', '@scope', 'c'), 'utf8')).toBe('content of @scope/c');
});

it('packs no links and no empty folder', async () => {
  const linked = folder('linked', ['a'], 1_000);
  symlinkSync('/etc/hostname', join(linked, 'name'));
  await expect(packFolder(linked, join(dir, 'x.tgz'))).rejects.toThrow(
    'the result holds "name", which is neither a file nor a folder',
  );
  mkdirSync(join(dir, 'empty'));
  await expect(packFolder(join(dir, 'empty'), join(dir, 'x.tgz'))).rejects.toThrow('the result is empty');
});
