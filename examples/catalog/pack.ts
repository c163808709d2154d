import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { create } from 'tar';

/** Modes on disk follow the umask of whoever checked the sources out; in the archive they are all the same. */
function sameMode(_path: string, stat: object): boolean {
  Object.assign(stat, { mode: 0o100644 });
  return true;
}

/** 1.0.0 and 1.1.0 are good; 1.2.0 is slower, fails 8 % of its requests and leaks memory. */
export const CATALOG_VERSIONS = ['1.0.0', '1.1.0', '1.2.0'] as const;
export type CatalogVersion = (typeof CATALOG_VERSIONS)[number];

/** What uses packages: an artifact carries its sources and no node_modules, so they go into the file itself. */
const WITH_PACKAGES = 'openfeature.mjs';

/** The same text wherever it is built: nothing in it tells of the machine's folders. */
async function bundle(folder: string, root: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: folder,
    entryPoints: [WITH_PACKAGES],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Before others, so that the same packages serve a copy of the sources elsewhere.
    nodePaths: [join(root, 'node_modules'), join(process.cwd(), 'node_modules')],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
}

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
    await bundle(join(catalog, 'src'), root, join(content, WITH_PACKAGES));
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
