/**
 * Who may import whom. The design's layers as data: `check-arrows.mjs` reads it, README's picture shows it.
 */

export interface Area {
  readonly name: string;
  /** Paths from the project's folder; a trailing slash means everything below. The longest match wins. */
  readonly paths: readonly string[];
  /** Areas it may import, besides itself. */
  readonly mayImport: readonly string[];
  /** Areas whose types alone it may import (`import type`). */
  readonly mayImportTypes?: readonly string[];
}

const REGISTRIES = [
  'provider registry',
  'strategy registry',
  'stage registry',
  'metrics registry',
  'trigger registry',
  'webhook registry',
  'notification registry',
  'judge registry',
];

export const areas: readonly Area[] = [
  { name: 'domain', paths: ['server/domain/'], mayImport: [] },
  { name: 'log', paths: ['server/log.ts'], mayImport: [] },
  { name: 'env', paths: ['server/env.ts'], mayImport: ['domain'] },

  // Pure parts and adapters: they see the words and nothing else, so each can be tested alone.
  { name: 'strategies', paths: ['server/strategies/'], mayImport: ['domain', 'strategy registry'] },
  { name: 'canary', paths: ['server/canary/'], mayImport: ['domain', 'judge registry'] },
  { name: 'toggles', paths: ['server/toggles/'], mayImport: ['domain', 'toggle rules'] },
  /** What turns rules into flagd's words and back, which the rule builder does in the browser. */
  {
    name: 'toggle rules',
    paths: [
      'server/toggles/json.ts',
      'server/toggles/references.ts',
      'server/toggles/rules/condition-from-logic.ts',
      'server/toggles/rules/condition-to-logic.ts',
      'server/toggles/rules/from-targeting.ts',
      'server/toggles/rules/moves.ts',
      'server/toggles/rules/moves.ts',
      'server/toggles/rules/shares.ts',
      'server/toggles/rules/to-targeting.ts',
    ],
    mayImport: ['domain'],
  },
  { name: 'providers', paths: ['server/providers/'], mayImport: ['domain', 'provider registry'] },
  { name: 'metrics', paths: ['server/metrics/'], mayImport: ['domain', 'metrics registry'] },

  // What the web may know of the plug-ins: the contract and the list, not the parts behind them.
  {
    name: 'provider registry',
    paths: ['server/providers/registry.ts', 'server/providers/provider.ts'],
    mayImport: ['domain', 'providers'],
  },
  {
    name: 'strategy registry',
    paths: ['server/strategies/registry.ts', 'server/strategies/strategy.ts'],
    mayImport: ['domain', 'strategies'],
  },
  {
    name: 'metrics registry',
    paths: [
      'server/metrics/registry.ts',
      'server/metrics/source.ts',
      'server/metrics/templates.ts',
      'server/metrics/named-template.ts',
      'server/metrics/grid.ts',
    ],
    mayImport: ['domain', 'metrics'],
  },
  {
    name: 'judge registry',
    paths: ['server/canary/registry.ts', 'server/canary/judge.ts'],
    mayImport: ['domain', 'canary'],
  },
  {
    name: 'stage registry',
    paths: ['server/engine/stages/registry.ts', 'server/engine/stages/stage.ts'],
    mayImport: ['domain', 'engine', ...REGISTRIES],
  },
  /** What stages would do, by their own plans: read by people before they start anything. */
  {
    name: 'outlook',
    paths: ['server/engine/outlook/'],
    mayImport: ['domain', 'db', 'engine', 'expressions', ...REGISTRIES],
  },

  { name: 'outbound', paths: ['server/outbound/'], mayImport: ['domain'] },
  { name: 'expressions', paths: ['server/expressions/'], mayImport: ['domain'] },
  /** Asks sources and the judge; for the engine, which looks by the clock, and for people, who look back. */
  {
    name: 'analysis',
    paths: ['server/analysis/'],
    mayImport: [
      'domain',
      'db',
      'secrets',
      'outbound',
      'metrics',
      'canary',
      'metrics registry',
      'judge registry',
    ],
  },
  { name: 'secrets', paths: ['server/secrets/'], mayImport: ['domain'] },
  /** Reads what another product calls a pipeline; pure. */
  { name: 'interchange', paths: ['server/interchange/'], mayImport: ['domain', 'expressions'] },
  {
    name: 'trigger registry',
    paths: ['server/automation/triggers/registry.ts', 'server/automation/triggers/trigger.ts'],
    mayImport: ['domain', 'automation', 'db', 'outbound', 'webhook registry'],
  },
  {
    name: 'webhook registry',
    paths: ['server/automation/webhooks/registry.ts', 'server/automation/webhooks/format.ts'],
    mayImport: ['domain', 'automation', 'trigger registry'],
  },

  {
    name: 'notification registry',
    paths: ['server/automation/notifications/registry.ts', 'server/automation/notifications/format.ts'],
    mayImport: ['domain', 'automation'],
  },

  { name: 'db', paths: ['db/'], mayImport: ['domain'] },
  /** How toggles stand, read and written: by people through services, by stages, and by the clock. */
  {
    name: 'toggle state',
    paths: ['server/toggle-state/'],
    mayImport: ['db', 'domain', 'toggles', 'toggle rules'],
  },
  {
    name: 'enqueue',
    paths: [
      'server/engine/enqueue.ts',
      'server/engine/requests/',
      'server/engine/queue/enqueue-job.ts',
      'server/engine/queue/job.ts',
    ],
    mayImport: ['db', 'domain'],
  },
  {
    name: 'engine',
    paths: ['server/engine/'],
    mayImport: [
      'enqueue',
      'strategies',
      'providers',
      'metrics',
      'canary',
      'toggles',
      'toggle rules',
      'toggle state',
      'db',
      'domain',
      'expressions',
      'outbound',
      'analysis',
      'env',
      'log',
      ...REGISTRIES,
    ],
  },
  {
    name: 'services',
    paths: ['server/services/'],
    mayImport: [
      'db',
      'domain',
      'toggles',
      'toggle rules',
      'toggle state',
      'expressions',
      'secrets',
      'interchange',
      'analysis',
      'enqueue',
      'outlook',
      'env',
      'log',
      ...REGISTRIES,
    ],
  },
  // What goes on by itself in a worker: clocks, polls, deliveries in and out. It acts through services, as people do.
  {
    name: 'automation',
    paths: ['server/automation/'],
    mayImport: [
      'services',
      'toggle state',
      'db',
      'domain',
      'expressions',
      'outbound',
      'secrets',
      'enqueue',
      'env',
      'log',
      ...REGISTRIES,
    ],
  },
  {
    name: 'demo seed',
    paths: ['server/services/demo/'],
    mayImport: ['services', 'db', 'domain', 'enqueue', 'env', 'log', 'examples', ...REGISTRIES],
  },
  { name: 'api', paths: ['server/api/'], mayImport: ['services', 'domain', 'env', 'log'] },
  {
    name: 'components',
    paths: ['components/'],
    mayImport: ['domain', 'toggle rules'],
    mayImportTypes: ['api'],
  },
  {
    name: 'app',
    paths: ['app/', 'proxy.ts', 'instrumentation.ts'],
    mayImport: ['components', 'api', 'domain'],
  },

  // Processes beside the web.
  {
    name: 'worker',
    paths: ['server/worker.ts'],
    mayImport: [
      'engine',
      'analysis',
      'automation',
      'secrets',
      'enqueue',
      'db',
      'domain',
      'env',
      'log',
      ...REGISTRIES,
    ],
  },
  {
    name: 'web',
    paths: ['server/web.ts'],
    mayImport: ['api', 'services', 'domain', 'env', 'log'],
  },
  /** Brings the database up to date where no supervisor runs. */
  { name: 'migrate', paths: ['server/migrate.ts'], mayImport: ['db', 'domain', 'env', 'log', 'supervisor'] },
  { name: 'local cloud', paths: ['server/local-cloud/'], mayImport: ['domain'] },
  { name: 'supervisor', paths: ['server/supervisor/'], mayImport: ['db', 'domain', 'env', 'log'] },
  { name: 'cli', paths: ['cli/'], mayImport: ['domain'], mayImportTypes: ['api'] },
  { name: 'examples', paths: ['examples/'], mayImport: [] },

  { name: 'lint', paths: ['server/lint/'], mayImport: [] },
];

/** Tests see everything, and nothing but tests may see them. */
export const testPaths: readonly RegExp[] = [
  /\.(test|itest|conformance|suite)\.tsx?$/,
  /^(e2e|bench|db\/test)\//,
  /\/testing\//,
  /^[^/]+\.config\.(ts|mjs)$/,
  /^(server\/vitest|db\/drizzle)\.config\.ts$/,
];
