import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDERS = ['app', 'components', 'server', 'db', 'cli', 'examples', 'public'];
const SOURCE = /\.(ts|tsx|mjs|json|css|sql|svg|png|ico|woff2)$/;
const TEST = /\.(test|itest)\.tsx?$/;

/**
 * A digest of everything the build reads, by content: a fresh checkout of the same commit matches.
 * @param {string} root
 */
export function fingerprintSources(root) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of sourceFiles(root))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

/** @param {string} root */
function sourceFiles(root) {
  const atRoot = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && entry.name !== 'next-env.d.ts')
    .map((entry) => entry.name);
  const below = FOLDERS.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    readdirSync(path.join(root, folder), {
      withFileTypes: true,
      recursive: true,
    })
      .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !TEST.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))),
  );
  return [...atRoot, ...below].sort();
}
