import type { OwnerView } from '@/server/providers/kubernetes/words/owners';
import type { PodView } from '@/server/providers/kubernetes/words/pod-view';
import type { WorkloadView } from '@/server/providers/kubernetes/words/workloads';

/** What makes pods, the pods, and what owns what makes them, each found by the other. All by uid. */
export class Workloads {
  readonly all = new Map<string, WorkloadView>();
  readonly owners = new Map<string, OwnerView>();
  readonly pods = new Map<string, PodView>();
  private readonly podsOfOwner = new Map<string, Map<string, PodView>>();
  private readonly podsOfRevision = new Map<string, Map<string, PodView>>();
  private readonly revisions = new Map<string, string>();

  put(view: WorkloadView): void {
    this.all.set(view.uid, view);
    if (view.kind === 'KnativeRevision') this.revisions.set(`${view.namespace}/${view.name}`, view.uid);
  }

  remove(view: WorkloadView): void {
    this.all.delete(view.uid);
    if (view.kind === 'KnativeRevision') this.revisions.delete(`${view.namespace}/${view.name}`);
  }

  putPod(pod: PodView): void {
    const before = this.pods.get(pod.uid);
    if (before && before.ownerUid !== pod.ownerUid) this.removePod(before);
    this.pods.set(pod.uid, pod);
    if (pod.ownerUid !== null) into(this.podsOfOwner, pod.ownerUid, pod);
    if (pod.revision !== null) into(this.podsOfRevision, `${pod.namespace}/${pod.revision}`, pod);
  }

  removePod(pod: PodView): void {
    this.pods.delete(pod.uid);
    if (pod.ownerUid !== null) outOf(this.podsOfOwner, pod.ownerUid, pod);
    if (pod.revision !== null) outOf(this.podsOfRevision, `${pod.namespace}/${pod.revision}`, pod);
  }

  ownerOf(view: WorkloadView): OwnerView | null {
    return view.owner ? (this.owners.get(view.owner.uid) ?? null) : null;
  }

  podsOf({ kind, uid, namespace, name }: WorkloadView): PodView[] {
    const found =
      kind === 'KnativeRevision'
        ? this.podsOfRevision.get(`${namespace}/${name}`)
        : this.podsOfOwner.get(uid);
    return found ? [...found.values()] : [];
  }

  /** The workload that is the pod's server group; of Knative's pods that is the revision, where it is known. */
  groupOf(pod: PodView): string | null {
    const revision =
      pod.revision === null ? undefined : this.revisions.get(`${pod.namespace}/${pod.revision}`);
    return revision ?? pod.ownerUid;
  }

  /** Whether another workload stands for this one. */
  isPartOfRevision({ kind, namespace, knative }: WorkloadView): boolean {
    return kind !== 'KnativeRevision' && knative !== null && this.revisions.has(`${namespace}/${knative}`);
  }
}

function into(index: Map<string, Map<string, PodView>>, key: string, pod: PodView): void {
  const pods = index.get(key) ?? new Map<string, PodView>();
  index.set(key, pods.set(pod.uid, pod));
}

function outOf(index: Map<string, Map<string, PodView>>, key: string, pod: PodView): void {
  const pods = index.get(key);
  pods?.delete(pod.uid);
  if (pods?.size === 0) index.delete(key);
}
