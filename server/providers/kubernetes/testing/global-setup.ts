import type { TestProject } from 'vitest/node';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';

/**
 * One cluster per run, when the run is one of Kubernetes: SIGNALBOX_TEST_KUBECONFIG names one that is there, or
 * SIGNALBOX_TEST_CONTROL_PLANE the folder with the programs of one to start.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SIGNALBOX_TEST_KUBECONFIG: given, SIGNALBOX_TEST_CONTROL_PLANE: binaries = '' } = process.env;
  if (given) {
    project.provide('kubernetes', { kubeconfig: given, simulated: false, binaries });
    return async () => undefined;
  }
  if (!binaries) {
    project.provide('kubernetes', null);
    return async () => undefined;
  }
  const plane = await startControlPlane({ binaries });
  project.provide('kubernetes', { kubeconfig: plane.kubeconfig, simulated: true, binaries });
  return plane.stop;
}
