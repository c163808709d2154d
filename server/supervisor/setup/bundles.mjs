import path from 'node:path';
import { Refusal } from './progress.mjs';

/** Every process of the product: the bundle's name and its entry. */
export const BUNDLES = {
  supervisor: 'server/supervisor/main.ts',
  web: 'server/web.ts',
  worker: 'server/worker.ts',
  migrate: 'server/migrate.ts',
  'local-cloud': 'server/local-cloud/main.ts',
  seed: 'server/services/demo/seed-main.ts',
  traffic: 'examples/catalog/traffic.ts',
  cli: 'cli/main.ts',
};

/**
 * Bundles our own sources into `dist/<name>.mjs`; packages stay in node_modules.
 * @param {string} root
 */
export async function buildBundles(root) {
  const { build, stop } = await import('esbuild');
  try {
    await build(optionsFor(root));
  } catch {
    // esbuild has printed what and where.
    throw new Refusal('The sources could not be bundled: mend the errors above and start again.');
  } finally {
    // Its service process would otherwise stay as long as this one.
    await stop();
  }
}

/** @param {string} root @returns {import('esbuild').BuildOptions} */
function optionsFor(root) {
  return {
    absWorkingDir: root,
    entryPoints: Object.entries(BUNDLES).map(([out, entry]) => ({
      in: entry,
      out,
    })),
    outdir: path.join(root, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // `server-only` throws outside this condition.
    conditions: ['react-server'],
    sourcemap: 'linked',
    logLevel: 'error',
  };
}
