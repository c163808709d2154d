import type { Firewall } from '@/server/domain/inventory';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { Dirt } from '@/server/providers/kubernetes/watch/dirt';
import { Endpoints, type ServiceKey } from '@/server/providers/kubernetes/watch/endpoints';
import type { Seen, SeenKind } from '@/server/providers/kubernetes/watch/seen';
import { Workloads } from '@/server/providers/kubernetes/watch/workloads';
import {
  httpRouteView,
  ingressView,
  knativeView,
  type RouteView,
  type ServiceView,
  type SliceView,
  serviceView,
  sliceView,
} from '@/server/providers/kubernetes/words/balancers';
import { firewallOf } from '@/server/providers/kubernetes/words/firewall-of';
import { LABELS } from '@/server/providers/kubernetes/words/labels';
import { type OwnerView, ownerView, saidBy } from '@/server/providers/kubernetes/words/owners';
import { type PodView, podView } from '@/server/providers/kubernetes/words/pod-view';
import { identityOf } from '@/server/providers/kubernetes/words/server-group-of';
import {
  daemonSetView,
  replicaSetView,
  revisionView,
  statefulSetView,
  type WorkloadView,
} from '@/server/providers/kubernetes/words/workloads';

interface Known {
  readonly version: string;
  /** Takes back what the object put in; absent for what is not kept. */
  readonly undo: (() => void) | null;
}

/**
 * The objects of an account as far as the inventory needs them, and what changed since somebody last looked.
 * Each object is reduced to a view of it at once; the object itself is not kept.
 */
export class Store {
  readonly workloads = new Workloads();
  readonly endpoints = new Endpoints();
  readonly services = new Map<ServiceKey, ServiceView>();
  /** By kind and key. */
  readonly routes = new Map<string, RouteView>();
  /** Those that routes of ours are attached to and that are not there, as `namespace/name`. */
  lostGateways: ReadonlySet<string> = new Set();
  readonly knative = new Map<string, OwnerView>();
  readonly firewalls = new Map<string, Firewall>();
  readonly dirt = new Dirt();
  /** Our groups by the load balancer that they were made for. */
  readonly madeFor = new Map<ServiceKey, Set<string>>();
  /** Pods that wait, and when that becomes hopeless, epoch ms. */
  private readonly waiting = new Map<string, number>();
  private readonly known = new Map<SeenKind, Map<string, Known>>();

  constructor(readonly account: string) {}

  /** The same version again changes nothing. */
  put(one: Seen): void {
    const { metadata = {} } = one.object;
    const key = `${metadata.namespace}/${metadata.name}`;
    const ofKind = this.known.get(one.kind) ?? new Map<string, Known>();
    this.known.set(one.kind, ofKind);
    const before = ofKind.get(key);
    const version = `${metadata.uid}/${metadata.resourceVersion}`;
    if (before?.version === version) return;
    // Another object under the same name: its forerunner went without a word.
    if (before && !before.version.startsWith(`${metadata.uid}/`)) before.undo?.();
    ofKind.set(key, { version, undo: this.take(one, key) });
  }

  remove(kind: SeenKind, namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    const ofKind = this.known.get(kind);
    ofKind?.get(key)?.undo?.();
    ofKind?.delete(key);
  }

  /** After everything was listed: what was not there is gone. */
  prune(kind: SeenKind, namespace: string | undefined, there: ReadonlySet<string>): void {
    const known = [...(this.known.get(kind)?.keys() ?? [])];
    for (const key of known) {
      const [home = '', name = ''] = key.split('/');
      if ((namespace === undefined || home === namespace) && !there.has(key)) this.remove(kind, home, name);
    }
  }

  /** False when nothing has changed. */
  loseGateways(lost: ReadonlySet<string>): boolean {
    if ([...lost].toSorted().join() === [...this.lostGateways].toSorted().join()) return false;
    this.lostGateways = lost;
    for (const route of this.routes.values()) this.touchRoute(route);
    return true;
  }

  /** Waiting has become hopeless for some pods: their groups are told of. */
  ripen(now: number): void {
    for (const [uid, at] of this.waiting) {
      if (at > now) continue;
      this.waiting.delete(uid);
      const pod = this.workloads.pods.get(uid);
      if (pod) this.touchGroupOf(pod);
    }
  }

  private take(one: Seen, key: string): (() => void) | null {
    switch (one.kind) {
      case 'Pod':
        return this.takePod(one.object);
      case 'ReplicaSet':
        return this.takeWorkload(replicaSetView(one.object));
      case 'StatefulSet':
        return this.takeWorkload(statefulSetView(one.object));
      case 'DaemonSet':
        return this.takeWorkload(daemonSetView(one.object));
      case 'KnativeRevision':
        return this.takeWorkload(revisionView(one.object));
      case 'Deployment':
      case 'Rollout':
        return this.takeOwner(ownerView(one.kind, one.object.metadata ?? {}));
      case 'KnativeService':
        return this.takeKnative(knativeView(one.object), key);
      case 'Service':
        return this.takeService(serviceView(one.object), key);
      case 'EndpointSlice':
        return this.takeSlice(sliceView(one.object));
      case 'Ingress':
        return this.takeRoute(ingressView(one.object), key);
      case 'HTTPRoute':
        return this.takeRoute(httpRouteView(one.object), key);
      case 'NetworkPolicy':
        return this.takeFirewall(firewallOf(this.account, one.object), key);
      case 'Job':
        return this.takeJob(one.object);
      default:
        return one satisfies never;
    }
  }

  private takePod(object: ObjectOf<'Pod'>): (() => void) | null {
    const pod = podView(object);
    const owner = object.metadata?.ownerReferences?.find((ref) => ref.controller === true);
    // Jobs speak for their pods, and a pod that nobody keeps is no server group.
    if ((!owner || owner.kind === 'Job') && pod.revision === null) return null;
    const isNew = !this.workloads.pods.has(pod.uid);
    this.workloads.putPod(pod);
    if (pod.hopelessAt === null) this.waiting.delete(pod.uid);
    else this.waiting.set(pod.uid, pod.hopelessAt);
    this.touchGroupOf(pod);
    // Its endpoint may have been told of before it.
    if (isNew) for (const service of this.endpoints.servicesWith(pod.uid)) this.touchService(service);
    return () => {
      this.touchGroupOf(pod);
      this.workloads.removePod(this.workloads.pods.get(pod.uid) ?? pod);
      this.waiting.delete(pod.uid);
    };
  }

  private takeWorkload(view: WorkloadView): () => void {
    const before = this.workloads.all.get(view.uid);
    if (before) this.unlist(before);
    this.workloads.put(view);
    if (view.ours)
      for (const name of view.loadBalancers) {
        const key = `${view.namespace}/${name}`;
        this.madeFor.set(key, (this.madeFor.get(key) ?? new Set()).add(view.uid));
        this.dirt.services.add(key);
      }
    this.touch(view);
    this.touchNamesakes(view);
    if (!before)
      for (const pod of this.workloads.podsOf(view))
        for (const service of this.endpoints.servicesWith(pod.uid)) this.dirt.services.add(service);
    return () => {
      const last = this.workloads.all.get(view.uid) ?? view;
      this.touch(last);
      this.unlist(last);
      this.workloads.remove(last);
      this.touchNamesakes(last);
      this.dirt.balancers = true;
    };
  }

  private unlist({ uid, namespace, loadBalancers }: WorkloadView): void {
    for (const name of loadBalancers) {
      const key = `${namespace}/${name}`;
      this.madeFor.get(key)?.delete(uid);
      this.dirt.services.add(key);
    }
  }

  private takeOwner(view: OwnerView): () => void {
    const before = this.workloads.owners.get(view.uid);
    this.workloads.owners.set(view.uid, view);
    // An owner's status moves with every pod; what its groups take from it does not.
    if (JSON.stringify(before) !== JSON.stringify(view)) this.touchOwnedBy(view);
    return () => {
      this.workloads.owners.delete(view.uid);
      this.touchOwnedBy(view);
    };
  }

  private touchOwnedBy({ uid }: OwnerView): void {
    for (const view of this.workloads.all.values()) if (view.owner?.uid === uid) this.touch(view);
  }

  private takeKnative(view: OwnerView, key: string): () => void {
    const touch = () => {
      this.dirt.balancers = true;
      this.dirt.tell(view.namespace, view.said.application ?? view.name, view.said.cluster ?? view.name);
      for (const one of this.workloads.all.values())
        if (
          one.kind === 'KnativeRevision' &&
          one.namespace === view.namespace &&
          one.keeper.name === view.name
        )
          this.touch(one);
    };
    this.knative.set(key, view);
    touch();
    return () => {
      this.knative.delete(key);
      touch();
    };
  }

  private takeService(view: ServiceView, key: ServiceKey): () => void {
    this.services.set(key, view);
    this.touchService(key);
    this.dirt.tell(view.namespace, view.application, null);
    return () => {
      this.services.delete(key);
      this.touchService(key);
      this.dirt.balancers = true;
      this.dirt.tell(view.namespace, view.application, null);
    };
  }

  private takeSlice(view: SliceView): () => void {
    const key = `${view.namespace}/${view.service}`;
    const changed = (pods: readonly string[]) => {
      for (const uid of pods) {
        const pod = this.workloads.pods.get(uid);
        if (pod) this.touchGroupOf(pod);
      }
      // A pod more or less changes the share of all others.
      if (pods.length > 0) this.touchService(key);
    };
    const isNew = !this.endpoints.has(key);
    changed(this.endpoints.put(view));
    if (isNew) this.touchMadeFor(key);
    return () => changed(this.endpoints.remove(view));
  }

  private takeRoute(view: RouteView, key: string): () => void {
    const id = `${view.kind}/${key}`;
    const before = this.routes.get(id);
    // A route's status moves with its controller; who gets what does not.
    if (before && JSON.stringify(before) === JSON.stringify(view)) return () => this.dropRoute(id, before);
    this.routes.set(id, view);
    for (const route of before ? [before, view] : [view]) this.touchRoute(route);
    return () => this.dropRoute(id, view);
  }

  private dropRoute(id: string, view: RouteView): void {
    this.routes.delete(id);
    this.touchRoute(view);
  }

  private touchRoute(route: RouteView): void {
    this.dirt.balancers = true;
    this.dirt.tell(route.namespace, route.application, null);
    this.touchBehind(route);
  }

  private touchBehind(route: RouteView): void {
    const key = `${route.namespace}/${route.name}`;
    this.dirt.services.add(key);
    this.touchMadeFor(key);
    for (const rule of route.rules)
      for (const { service } of rule) this.touchEndpoints(`${route.namespace}/${service}`);
  }

  private takeFirewall(firewall: Firewall, key: string): () => void {
    const touch = () => {
      this.dirt.firewalls = true;
      this.dirt.tell(firewall.region, firewall.application, null);
    };
    this.firewalls.set(key, firewall);
    touch();
    return () => {
      this.firewalls.delete(key);
      touch();
    };
  }

  /** Nothing of a job is shown; whoever waits for it hears of it. */
  private takeJob({ metadata = {} }: ObjectOf<'Job'>): (() => void) | null {
    const name = metadata.labels?.[LABELS.job];
    if (name === undefined) return null;
    const tell = () =>
      this.dirt.tell(
        metadata.namespace ?? '',
        metadata.labels?.[LABELS.application] ?? saidBy(metadata).application,
        name,
      );
    tell();
    return tell;
  }

  private touch(view: WorkloadView): void {
    this.dirt.groups.add(view.uid);
    const { region, application, cluster } = identityOf(view, this.workloads.ownerOf(view));
    this.dirt.tell(region, application, cluster);
  }

  /** Who of several bears the name may be another now. */
  private touchNamesakes(view: WorkloadView): void {
    for (const one of this.workloads.namesakes(view)) {
      this.touch(one);
      this.dirt.balancers = true;
    }
  }

  private touchUid(uid: string | null): void {
    const view = uid === null ? undefined : this.workloads.all.get(uid);
    if (view) this.touch(view);
  }

  private touchGroupOf(pod: PodView): void {
    this.touchUid(this.workloads.groupOf(pod));
  }

  private touchMadeFor(key: ServiceKey): void {
    for (const uid of this.madeFor.get(key) ?? []) this.touchUid(uid);
  }

  /** The Service, the groups behind it, and the routes over it with the groups behind those. */
  private touchService(key: ServiceKey): void {
    this.touchEndpoints(key);
    const [namespace, name] = key.split('/');
    for (const route of this.routes.values())
      if (
        route.namespace === namespace &&
        route.rules.some((rule) => rule.some((one) => one.service === name))
      )
        this.touchBehind(route);
  }

  private touchEndpoints(key: ServiceKey): void {
    this.dirt.services.add(key);
    const groups = new Set<string>();
    for (const uid of this.endpoints.of(key).keys()) {
      const pod = this.workloads.pods.get(uid);
      const group = pod ? this.workloads.groupOf(pod) : null;
      if (group !== null) groups.add(group);
    }
    for (const uid of groups) this.touchUid(uid);
  }
}
