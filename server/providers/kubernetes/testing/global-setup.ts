import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { makeNamespace, removeNamespaces } from '@/server/providers/kubernetes/testing/cluster-namespaces';
import { probeTraits, reportOf, SIMULATED } from '@/server/providers/kubernetes/testing/cluster-traits';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { hasKubectl } from '@/server/providers/kubernetes/testing/kubectl';
import { restOf } from '@/server/providers/kubernetes/testing/rest';

/**
 * One cluster per run, when the run is one of Kubernetes: SIGNALBOX_TEST_KUBECONFIG names one that is there, or
 * SIGNALBOX_TEST_CONTROL_PLANE the folder with the programs of one to start.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SIGNALBOX_TEST_KUBECONFIG: given, SIGNALBOX_TEST_CONTROL_PLANE: binaries = '' } = process.env;
  if (given) return takeGiven(project, given, binaries);
  if (!binaries) {
    project.provide('kubernetes', null);
    return async () => undefined;
  }
  if (!hasKubectl()) project.vitest.logger.log(WITHOUT_KUBECTL);
  const { kubeconfig, scratch, stop } = await startControlPlane({ binaries });
  project.provide('kubernetes', { ...SIMULATED, kubeconfig, own: true, binaries, scratch, run: RUN });
  return stop;
}

const WITHOUT_KUBECTL =
  'Neither kustomize nor the steps of the README are tried: kubectl is not on this machine.';
/** Names of what this run makes. */
const RUN = `${Date.now().toString(36)}-${process.pid}`;

async function takeGiven(project: TestProject, kubeconfig: string, binaries: string) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'signalbox-kubernetes-'));
  const rest = restOf(kubeconfig);
  const leave = async () => {
    rmSync(scratch, { recursive: true, force: true });
    await removeNamespaces(rest, RUN);
  };
  try {
    const namespace = await makeNamespace(rest, RUN);
    const traits = await probeTraits(rest, namespace.name, process.env.SIGNALBOX_TEST_IMAGES ?? '');
    await namespace.remove();
    project.vitest.logger.log(
      [...reportOf(traits, binaries), ...(hasKubectl() ? [] : [`  ${WITHOUT_KUBECTL}`])].join('\n'),
    );
    project.provide('kubernetes', { ...traits, kubeconfig, own: false, binaries, scratch, run: RUN });
  } catch (error) {
    // A cluster that cannot be reached says so once.
    await leave().catch(() => undefined);
    throw error;
  }
  return leave;
}
