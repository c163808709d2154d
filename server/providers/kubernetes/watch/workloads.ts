import { qualifiedName } from '@/server/providers/kubernetes/words/labels';
import type { OwnerView } from '@/server/providers/kubernetes/words/owners';
import type { PodView } from '@/server/providers/kubernetes/words/pod-view';
import type { WorkloadKind, WorkloadView } from '@/server/providers/kubernetes/words/workloads';

/** Who bears a name that several kinds have in a namespace; the others are told apart by their kind. */
const FIRST: readonly WorkloadKind[] = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'KnativeRevision'];

/** What makes pods, the pods, and what owns what makes them, each found by the other. All by uid. */
export class Workloads {
  readonly all = new Map<string, WorkloadView>();
  readonly owners = new Map<string, OwnerView>();
  readonly pods = new Map<string, PodView>();
  private readonly podsOfOwner = new Map<string, Map<string, PodView>>();
  private readonly podsOfRevision = new Map<string, Map<string, PodView>>();
  private readonly revisions = new Map<string, string>();
  /** By namespace and name; what one kind calls so, another may, too. */
  private readonly named = new Map<string, Map<string, WorkloadView>>();

  put(view: WorkloadView): void {
    this.all.set(view.uid, view);
    into(this.named, `${view.namespace}/${view.name}`, view);
    if (view.kind === 'KnativeRevision') this.revisions.set(`${view.namespace}/${view.name}`, view.uid);
  }

  remove(view: WorkloadView): void {
    this.all.delete(view.uid);
    outOf(this.named, `${view.namespace}/${view.name}`, view);
    if (view.kind === 'KnativeRevision') this.revisions.delete(`${view.namespace}/${view.name}`);
  }

  namesakes({ uid, namespace, name }: WorkloadView): WorkloadView[] {
    return [...(this.named.get(`${namespace}/${name}`)?.values() ?? [])].filter((one) => one.uid !== uid);
  }

  /** Unique in its namespace: `agent`, and `agent.daemonset` where a StatefulSet is called so as well. */
  nameOf(view: WorkloadView): string {
    const rank = FIRST.indexOf(view.kind);
    const isTaken = this.namesakes(view).some(({ kind }) => FIRST.indexOf(kind) < rank);
    return isTaken ? qualifiedName(view) : view.name;
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

function into<T extends { readonly uid: string }>(
  index: Map<string, Map<string, T>>,
  key: string,
  one: T,
): void {
  const all = index.get(key) ?? new Map<string, T>();
  index.set(key, all.set(one.uid, one));
}

function outOf<T extends { readonly uid: string }>(
  index: Map<string, Map<string, T>>,
  key: string,
  { uid }: T,
): void {
  const all = index.get(key);
  all?.delete(uid);
  if (all?.size === 0) index.delete(key);
}
