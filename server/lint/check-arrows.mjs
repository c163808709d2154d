/** `npm run lint`: exits 1 naming every import that the arrows forbid. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside node_modules, where the bundle still finds the packages it leaves external.
const folder = mkdtempSync(path.join(root, 'node_modules', '.check-arrows-'));

try {
  const outfile = path.join(folder, 'check.mjs');
  await build({
    entryPoints: [path.join(root, 'server/lint/check.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const { findViolations } = await import(pathToFileURL(outfile).href);
  const files = new Map(sources().map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
  const violations = findViolations(files);
  for (const { file, imported, reason } of violations) console.error(`${file}: ${reason} (${imported})`);
  console.log(`${files.size} files, ${violations.length} forbidden imports`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Tracked and new files, but nothing that git ignores. */
function sources() {
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
    .toString()
    .split('\0')
    .filter((file) => /\.(ts|tsx|mts|cts)$/.test(file) && existsSync(path.join(root, file)));
}
