import { type FleetSize, makeFleet } from '@/bench/kubernetes/fleet';
import { pause, printLine } from '@/bench/support/statistics';
import { type ControlPlane, startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { findPrograms } from '@/server/providers/kubernetes/testing/programs';

/** 10,000 pods in 200 server groups. */
export const SIZE: FleetSize = { clusters: 50, groupsPerCluster: 4, podsPerGroup: 50 };

/** Runs `act` on a real control plane of its own with a fleet in the namespace. */
export async function withFleet(
  namespace: string,
  size: FleetSize,
  act: (plane: ControlPlane) => Promise<void>,
): Promise<void> {
  const plane = await startControlPlane({ binaries: await findPrograms() });
  try {
    const { rest } = plane;
    await rest.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    while ((await rest.request('GET', account)).status !== 200) await pause(50);
    const since = performance.now();
    await makeFleet(rest, namespace, size);
    const pods = size.clusters * size.groupsPerCluster * size.podsPerGroup;
    printLine(
      `${pods.toLocaleString('en')} pods ready`,
      `${((performance.now() - since) / 1_000).toFixed(1)} s`,
    );
    await act(plane);
  } finally {
    await plane.stop();
  }
}
