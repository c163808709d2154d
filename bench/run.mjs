/** Bundles and runs a benchmark: `node bench/run.mjs engine`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const name = process.argv[2] ?? 'engine';
// Beside the product's own bundles, which the benchmarks of the whole product start.
const folder = path.join(root, 'dist');
mkdirSync(folder, { recursive: true });
const outfile = path.join(folder, `bench-${name}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [`bench/${name}.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
process.chdir(root);
await import(pathToFileURL(outfile).href);
