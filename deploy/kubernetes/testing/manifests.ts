import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { V1Container, V1DeploymentSpec, V1PodSpec } from '@kubernetes/client-node';
import { load, loadAll } from 'js-yaml';

/** The folder of the manifests. */
export const FOLDER = path.resolve(import.meta.dirname, '..');

/** An object as a file has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [more: string]: unknown;
}

export interface Workload extends Manifest {
  readonly kind: 'Deployment';
  readonly spec: V1DeploymentSpec & { template: { spec: V1PodSpec } };
}

interface Kustomization {
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
}

/** The objects of one file. */
export function readFile(file: string): Manifest[] {
  // What is wrong with their shape, the API server tells in deployment.conformance.ts.
  return loadAll(readFileSync(path.resolve(FOLDER, file), 'utf8')) as Manifest[];
}

/** The objects that a kustomization puts together, before its patches and images. */
export function readKustomization(folder: string): Manifest[] {
  return filesOf(folder).flatMap(readFile);
}

/** The files of a kustomization, its own and those of the folders that it names. */
export function filesOf(folder: string): string[] {
  const at = path.resolve(FOLDER, folder);
  // A kustomization of ours; kustomize itself reads it in deployment.conformance.ts.
  const content = load(readFileSync(path.join(at, 'kustomization.yaml'), 'utf8')) as Kustomization;
  return [...(content.resources ?? []), ...(content.components ?? [])].flatMap((entry) =>
    entry.endsWith('.yaml') ? [path.join(at, entry)] : filesOf(path.join(at, entry)),
  );
}

/** Every YAML file below the folder. */
export function allFiles(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.join(FOLDER, file));
}

export function isWorkload(manifest: Manifest): manifest is Workload {
  return manifest.kind === 'Deployment';
}

export function containersOf({ spec }: Workload): V1Container[] {
  const { initContainers = [], containers } = spec.template.spec;
  return [...initContainers, ...containers];
}
