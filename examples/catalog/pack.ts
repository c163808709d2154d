import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';

/** Modes on disk follow the umask of whoever checked the sources out; in the archive they are all the same. */
function sameMode(_path: string, stat: object): boolean {
  Object.assign(stat, { mode: 0o100644 });
  return true;
}

/** 1.0.0 and 1.1.0 are good; 1.2.0 is slower, fails 8 % of its requests and leaks memory. */
export const CATALOG_VERSIONS = ['1.0.0', '1.1.0', '1.2.0'] as const;
export type CatalogVersion = (typeof CATALOG_VERSIONS)[number];

/**
 * Builds the artifact of one version: the shared sources and that version's `release.json`.
 * The same sources give the same bytes (with the same zlib), wherever and whenever they are packed.
 * @param root the repository's root; the default suits bundles, which are started there.
 */
export async function packCatalog(version: CatalogVersion, root: string = process.cwd()): Promise<Buffer> {
  const catalog = join(root, 'examples', 'catalog');
  const staging = await mkdtemp(join(tmpdir(), 'catalog-'));
  try {
    const content = join(staging, 'content');
    await cp(join(catalog, 'src'), content, { recursive: true });
    await cp(join(catalog, 'releases', `${version}.json`), join(content, 'release.json'));
    const archive = join(staging, 'artifact.tgz');
    const files = (await readdir(content)).toSorted();
    await create(
      { file: archive, cwd: content, gzip: true, portable: true, mtime: new Date(0), filter: sameMode },
      files,
    );
    return await readFile(archive);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
