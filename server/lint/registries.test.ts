import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { stageTypes } from '@/server/engine/stages/registry';
import { metricsSources } from '@/server/metrics/registry';
import { providers } from '@/server/providers/registry';
import { strategies } from '@/server/strategies/registry';

const root = path.resolve(import.meta.dirname, '../..');

/** Files that hold a contract, a list or what several plug-ins share, and are no plug-ins themselves. */
const NOT_PLUG_INS = /^(registry|strategy|stage|shared|testing)$|\.(test|itest|suite)$/;

function plugInFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.replace(/\.ts$/, ''))
    .filter((name) => !NOT_PLUG_INS.test(name))
    .sort();
}

function plugInFolders(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => !NOT_PLUG_INS.test(name))
    .sort();
}

/** `manualJudgment` lives in `manual-judgment.ts`. */
function fileNames(registry: object): string[] {
  return Object.keys(registry)
    .map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
    .sort();
}

it('has one line in the registry for every provider folder', () => {
  expect(fileNames(providers)).toEqual(plugInFolders('server/providers'));
});

it('has one line in the registry for every folder of a metrics source', () => {
  expect(fileNames(metricsSources)).toEqual(plugInFolders('server/metrics'));
});

it('has one line in the registry for every strategy file', () => {
  expect(fileNames(strategies)).toEqual(plugInFiles('server/strategies'));
});

it('has one line in the registry for every stage type file', () => {
  expect(fileNames(stageTypes)).toEqual(plugInFiles('server/engine/stages'));
});
