import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runQuietly } from './command.mjs';
import { Refusal, say } from './progress.mjs';

/** @param {string} root */
export function checkNode(root) {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  throw new Refusal(`Signalbox needs Node ${engines.node}; this is ${process.versions.node}.`);
}

/**
 * Installs the packages when the lockfile is not the one that was last installed from.
 * @param {string} root
 */
export async function ensureInstalled(root) {
  const stamp = path.join(root, 'node_modules', '.signalbox-install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedInstall(root)) return;
  say('installing packages (a minute on the first start) …');
  // `npm start` names the npm that runs it; on its own, this file takes the one on the path.
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await runQuietly(root, 'install', command, [
    ...before,
    'install',
    // The build and the type of every deployment are made here, whatever NODE_ENV says.
    '--include=dev',
    // Not `npm ci`: it refuses a lockfile when a registry lacks the packages of other platforms.
    '--no-save',
    '--no-audit',
    '--no-fund',
  ]);
  writeFileSync(stamp, wantedInstall(root));
  say('packages are installed');
}

/** @param {string} root */
function wantedInstall(root) {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lockfile).digest('hex');
  // Packages with native parts differ by platform: a folder shared between two machines is installed anew.
  return `${digest} ${process.platform}-${process.arch}`;
}
