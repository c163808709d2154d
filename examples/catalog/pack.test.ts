import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, cp, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOG_VERSIONS, packCatalog } from '@/examples/catalog/pack';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'catalog-root-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it('packs the same bytes from another checkout with other times and modes', async () => {
  await cp('examples/catalog', join(root, 'examples', 'catalog'), { recursive: true });
  const source = join(root, 'examples', 'catalog', 'src', 'server.mjs');
  await chmod(source, 0o600);
  await utimes(source, 1, 1);
  expect(digest(await packCatalog('1.0.0', root))).toBe(digest(await packCatalog('1.0.0')));
});

it('packs every version with content of its own', async () => {
  const digests = await Promise.all(
    CATALOG_VERSIONS.map(async (version) => digest(await packCatalog(version))),
  );
  expect(new Set(digests).size).toBe(CATALOG_VERSIONS.length);
});
