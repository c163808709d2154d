/**
 * Makes a Kubernetes control plane out of Go modules, once per set of inputs, into the cache:
 * etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok, and the resource definitions of
 * Gateway API, Argo Rollouts and Knative Serving. Run alone it prints where they are.
 *
 * The Kubernetes module cannot be installed by its path: its parts stand in its go.mod with versions that only
 * hold inside it. `kube/go.mod` names the published version of each part instead.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** @type {Plan} */
const plan = JSON.parse(readFileSync(path.join(here, 'modules.json'), 'utf8'));

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} folder of its go.mod, from here
 * @property {string} package
 * @property {{ module: string, variable: string }} [version] the variable that holds its version
 */
/** @typedef {{ programs: Program[], crds: { module: string, folder: string, files: string[] }[] }} Plan */

/** What cannot be had here, such as modules without a network; a failed compilation is another Error. */
export class Unobtainable extends Error {}

/** The folder with the programs, whether they are there yet or not. */
export function controlPlaneFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'signalbox', 'control-plane', inputsHash());
}

/** Whether they were built before. */
export function isBuilt() {
  return existsSync(controlPlaneFolder());
}

/** Whether a Go is here that can build them. */
export function hasGo() {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}

/** Builds what is not in the cache. @returns {string} the folder with the programs */
export function build() {
  const folder = controlPlaneFolder();
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  // Renamed when whole: a build that is interrupted leaves nothing that looks finished.
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    for (const program of plan.programs) fetchModules(program);
    mkdirSync(path.join(partial, 'crds'));
    for (const crds of plan.crds) copyCrds(crds, path.join(partial, 'crds'));
    for (const program of plan.programs) compile(program, partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** @param {Program} program */
function fetchModules(program) {
  const args = ['list', '-deps', program.package];
  const { status } = go(args, program.folder, ['ignore', 'ignore', 'inherit']);
  if (status !== 0) throw new Unobtainable(`the Go modules of ${program.name} could not be fetched`);
}

/** @param {Program} program @param {string} into */
function compile(program, into) {
  console.log(`building ${program.name}`);
  const version = program.version;
  const stamp = version ? ` -X ${version.variable}=${moduleVersion(program.folder, version.module)}` : '';
  const args = ['build', '-buildvcs=false', '-ldflags', `-s -w${stamp}`, '-o', path.join(into, program.name)];
  const { status } = go([...args, program.package], program.folder, ['ignore', 'inherit', 'inherit']);
  if (status !== 0) throw new Error(`${program.name} could not be built`);
}

/** @param {string} folder @param {string} module */
function moduleVersion(folder, module) {
  const { stdout } = go(['list', '-m', '-f', '{{.Version}}', module], folder, ['ignore', 'pipe', 'inherit']);
  return stdout.toString().trim();
}

/** @param {Plan['crds'][number]} crds @param {string} into */
function copyCrds({ module, folder, files }, into) {
  const { status, stdout } = go(['mod', 'download', '-json', module], '.', ['ignore', 'pipe', 'inherit']);
  if (status !== 0) throw new Unobtainable(`the Go module ${module} could not be fetched`);
  const { Dir } = JSON.parse(stdout.toString());
  const owner = module.split('/')[0];
  for (const file of files) copyFileSync(path.join(Dir, folder, file), path.join(into, `${owner}-${file}`));
}

/** @param {string[]} args @param {string} folder @param {import('node:child_process').StdioOptions} stdio */
function go(args, folder, stdio) {
  // A workspace around this project, or flags for another one, would change what is built.
  const env = { ...process.env, GOWORK: 'off', GOFLAGS: '' };
  return spawnSync('go', args, { cwd: path.join(here, folder), stdio, env, maxBuffer: 64 * 1024 * 1024 });
}

function inputsHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const folders = [...new Set(plan.programs.map((program) => program.folder))].sort();
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(here, folder))
      .sort()
      .map((file) => path.join(folder, file)),
  );
  for (const file of ['modules.json', ...files]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(here, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(build());
