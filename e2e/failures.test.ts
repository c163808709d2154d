import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listFailures } from './failures.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'signalbox-reports-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function report(name: string, content: unknown) {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
}

test('a test that failed is named with its file and the beginning of its reason', () => {
  const lines = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
  report('conformance-aws.json', {
    testResults: [
      {
        name: '/repo/server/a.conformance.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { fullName: 'groups are enabled', status: 'passed', failureMessages: [] },
          {
            fullName: 'groups drain',
            status: 'failed',
            failureMessages: [`\u001b[31mError\u001b[39m: no\n${lines}`],
          },
        ],
      },
    ],
  });

  const [only, ...rest] = listFailures(folder, '/repo');

  expect(rest).toEqual([]);
  expect(only?.split('\n').slice(0, 3)).toEqual([
    'FAILED  conformance-aws: server/a.conformance.ts › groups drain',
    '    Error: no',
    '    line 0',
  ]);
  expect(only).toMatch(/line 10\n {4}…$/);
});

test('a file that could not be run at all is named, and a server that was not there is not', () => {
  report('unit.json', {
    testResults: [
      { name: '/repo/b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    ],
  });
  report('conformance-kubernetes.json', { numPassedTests: 0, numFailedTests: 0, numPendingTests: 1 });

  expect(listFailures(folder, '/repo')).toEqual(['FAILED  unit: b.test.ts\n    Cannot find module']);
});

test('a step of the browser that failed is found in nested suites', () => {
  const failed = { results: [{ errors: [{ message: 'Timed out waiting for a row' }] }] };
  report('e2e.json', {
    suites: [
      {
        specs: [{ file: 'deploy.spec.ts', title: 'fine', ok: true, tests: [{ results: [{ errors: [] }] }] }],
        suites: [{ specs: [{ file: 'deploy.spec.ts', title: 'not fine', ok: false, tests: [failed] }] }],
      },
    ],
  });

  expect(listFailures(folder, '/repo')).toEqual([
    'FAILED  e2e: deploy.spec.ts › not fine\n    Timed out waiting for a row',
  ]);
});
