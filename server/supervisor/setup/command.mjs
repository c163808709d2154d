import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './progress.mjs';

/** Lines of a failed command's output that are shown. */
const TAIL = 25;

/**
 * Runs a command with its output in a file, and shows the end of the file only when it fails.
 * @param {string} root
 * @param {string} name names the log file, `dist/logs/<name>.log`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] on top of our own
 */
export async function runQuietly(root, name, command, args, env = {}) {
  const folder = path.join(root, 'dist', 'logs');
  const file = path.join(folder, `${name}.log`);
  mkdirSync(folder, { recursive: true });
  const log = createWriteStream(file);
  const ending = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  await new Promise((resolve) => log.end(resolve));
  if (ending === 0) return;
  const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-TAIL).join('\n');
  throw new Refusal(`${tail}\n\nThe ${name} step failed (${ending}). Its whole output is in ${file}.`);
}
