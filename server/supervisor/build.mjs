/** `npm run build`: builds everything anew. `npm start` builds by itself when sources changed. */
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runEntry } from './setup/progress.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

await runEntry(async () => {
  await ensureInstalled(root);
  await ensureBuilt(root, { force: !process.argv.includes('--if-changed') });
});
