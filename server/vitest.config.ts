import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const shared = {
  root,
  resolve: {
    alias: {
      // Throws outside Next by design; the marker means nothing to a test.
      'server-only': fileURLToPath(new URL('../db/test/server-only.ts', import.meta.url)),
      '@': root.replace(/\/$/, ''),
    },
  },
};
/** Integration files bring databases and processes of their own; more at once only fight for the cores. */
const maxWorkers = 2;
/** As `server/conformance/run.mjs` says. */
const runsStrategies = Boolean(
  process.env.SIGNALBOX_TEST_KUBECONFIG ??
    process.env.SIGNALBOX_TEST_CONTROL_PLANE ??
    process.env.SIGNALBOX_TEST_AWS,
);
const exclude = ['**/node_modules/**', '.next/**', 'dist/**', '.signalbox/**'];

export default defineConfig({
  ...shared,
  test: {
    projects: [
      { ...shared, test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude, maxWorkers } },
      {
        ...shared,
        test: {
          // Against real servers that are not brought along: server/conformance/run.mjs looks for them.
          name: 'conformance',
          include: ['**/*.conformance.ts'],
          exclude,
          maxWorkers,
          globalSetup: [
            'server/providers/kubernetes/testing/global-setup.ts',
            // Strategies are run by the real engine there.
            ...(runsStrategies ? ['db/test/global-setup.ts'] : []),
          ],
          // Some start a control plane of their own, or kill one and wait for its controllers, beside another file.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude,
          maxWorkers,
          globalSetup: ['db/test/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // The default of one second is short for real processes on a machine that does other work too.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
