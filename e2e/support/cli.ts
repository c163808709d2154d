import { spawn } from 'node:child_process';
import type { Stack } from '@/e2e/stack';

/** Runs the `signalbox` command as a person would on the machine of the stack. */
export function runCli(
  stack: Pick<Stack, 'cliEnv'>,
  args: readonly string[],
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['cli/signalbox.mjs', ...args], {
      env: { ...process.env, ...stack.cliEnv },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
