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
const exclude = ['**/node_modules/**', '.next/**', 'dist/**', 'e2e/specs/**'];

export default defineConfig({
  ...shared,
  test: {
    projects: [
      { ...shared, test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude } },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude,
          globalSetup: ['db/test/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Each file has a database and processes of its own; more at once only fight for the cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
