/**
 * `npm start`. Nothing may be imported here but Node's own modules and the files of `setup/`, which
 * keep the same rule: on a fresh clone nothing is installed yet.
 */

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { checkNode, ensureInstalled } from './setup/install.mjs';
import { Refusal, runEntry } from './setup/progress.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const supervisor = path.join(root, 'dist', 'supervisor.mjs');

await runEntry(async () => {
  checkNode(root);
  await ensureInstalled(root);
  // A wrong setting is told before the long build, not after it.
  await ensureBuilt(root, { beforeWeb: checkSettings });
  process.chdir(root);
  await import(pathToFileURL(supervisor).href);
});

async function checkSettings() {
  const { status, stderr } = spawnSync(process.execPath, [supervisor, '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Refusal(stderr.trim());
}
