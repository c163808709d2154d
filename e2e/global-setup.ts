import { execFileSync } from 'node:child_process';
import { keepLogs, shareStack, startStack } from '@/e2e/stack';

/** Builds what changed, starts the product with the example, and stops it after the last spec. */
export default async function setup(): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['server/supervisor/build.mjs', '--if-changed'], { stdio: 'inherit' });
  const stack = await startStack({ demo: true });
  shareStack(stack);
  return async () => {
    keepLogs(stack, 'test-results/logs');
    await stack.stop();
  };
}
