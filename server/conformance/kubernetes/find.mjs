import path from 'node:path';
import { build, controlPlaneFolder, hasGo, isBuilt, Unobtainable } from './build.mjs';

/**
 * A cluster for the tests: SIGNALBOX_TEST_KUBECONFIG, or the programs of a control plane: those in
 * SIGNALBOX_TEST_CONTROL_PLANE, those built before, or, where Go is, built now.
 * @returns {{ env: Record<string, string>, at: string } | { missing: string }}
 */
export function findControlPlane() {
  const { SIGNALBOX_TEST_KUBECONFIG: kubeconfig, SIGNALBOX_TEST_CONTROL_PLANE: given } = process.env;
  if (kubeconfig) {
    const env = isBuilt() ? { SIGNALBOX_TEST_CONTROL_PLANE: controlPlaneFolder() } : {};
    return { env: { SIGNALBOX_TEST_KUBECONFIG: path.resolve(kubeconfig), ...env }, at: kubeconfig };
  }
  if (given) return { env: { SIGNALBOX_TEST_CONTROL_PLANE: path.resolve(given) }, at: given };
  if (!isBuilt()) {
    if (!hasGo()) return { missing: `${NONE}. Install Go from go.dev/dl, or ${INSTEAD}.` };
    console.log(
      'kubernetes: building a control plane from Go modules, once. It takes about ten minutes on two cores.',
    );
    try {
      build();
    } catch (error) {
      // Without a network there is none to test with; one that does not compile is a fault of ours.
      if (error instanceof Unobtainable)
        return { missing: `${error.message}. Connect to the network, or ${INSTEAD}.` };
      throw error;
    }
  }
  const folder = controlPlaneFolder();
  return { env: { SIGNALBOX_TEST_CONTROL_PLANE: folder }, at: folder };
}

const NONE = 'there is no control plane in the cache and no Go (1.25 or newer) to build one with';
const INSTEAD = 'set SIGNALBOX_TEST_KUBECONFIG to the kubeconfig of a cluster for tests';
