import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildBundles } from './bundles.mjs';
import { runQuietly } from './command.mjs';
import { fingerprintSources } from './fingerprint.mjs';
import { say } from './progress.mjs';

/**
 * Builds what the sources call for: the bundles first, then, once `beforeWeb` had nothing against it,
 * the web, which takes longest.
 * @param {string} root
 * @param {{force?: boolean, beforeWeb?: () => Promise<void>}} [options]
 */
export async function ensureBuilt(root, { force = false, beforeWeb } = {}) {
  const wanted = fingerprintSources(root);
  const bundles = path.join(root, 'dist', '.fingerprint');
  const web = path.join(root, '.next', '.fingerprint');
  if (force || !matches(bundles, wanted)) {
    await buildBundles(root);
    stamp(bundles, wanted);
  }
  if (!force && matches(web, wanted)) return;
  await beforeWeb?.();
  say('building the dashboard (half a minute) …');
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  await runQuietly(root, 'build', process.execPath, [next, 'build'], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  });
  stamp(web, wanted);
  say('the dashboard is built');
}

/** @param {string} file @param {string} wanted */
function matches(file, wanted) {
  return existsSync(file) && readFileSync(file, 'utf8') === wanted;
}

/** @param {string} file @param {string} value */
function stamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, value);
}
