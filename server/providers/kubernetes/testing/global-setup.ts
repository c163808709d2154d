import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';

/**
 * One cluster per run, when the run is one of Kubernetes: SIGNALBOX_TEST_KUBECONFIG names one that is there, or
 * SIGNALBOX_TEST_CONTROL_PLANE the folder with the programs of one to start.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SIGNALBOX_TEST_KUBECONFIG: given, SIGNALBOX_TEST_CONTROL_PLANE: binaries = '' } = process.env;
  if (given) {
    const scratch = mkdtempSync(path.join(tmpdir(), 'signalbox-kubernetes-'));
    project.provide('kubernetes', { kubeconfig: given, simulated: false, binaries, scratch });
    return async () => rmSync(scratch, { recursive: true, force: true });
  }
  if (!binaries) {
    project.provide('kubernetes', null);
    return async () => undefined;
  }
  const { kubeconfig, scratch, stop } = await startControlPlane({ binaries });
  project.provide('kubernetes', { kubeconfig, simulated: true, binaries, scratch });
  return stop;
}
