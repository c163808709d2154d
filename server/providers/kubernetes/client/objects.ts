import type {
  KubernetesObject,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplate,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { KindName } from '@/server/providers/kubernetes/client/api';

/** `gateway.networking.k8s.io/v1`, as far as it is used. */
export interface HTTPRoute extends KubernetesObject {
  spec?: {
    parentRefs?: { name: string; namespace?: string; kind?: string }[];
    hostnames?: string[];
    rules?: { backendRefs?: RouteBackend[]; [more: string]: unknown }[];
  };
  status?: {
    parents?: {
      parentRef?: { name: string; namespace?: string };
      conditions?: {
        type: string;
        status: string;
        reason?: string;
        message?: string;
        /** The generation of the route that it was said of. */
        observedGeneration?: number;
      }[];
    }[];
  };
}

export interface RouteBackend {
  name: string;
  port?: number;
  weight?: number;
  kind?: string;
  namespace?: string;
}

/** A kind of another project, of which only some fields are read. */
export interface ForeignObject extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

interface Objects {
  ReplicaSet: V1ReplicaSet;
  Deployment: V1Deployment;
  StatefulSet: V1StatefulSet;
  DaemonSet: V1DaemonSet;
  Pod: V1Pod;
  PodTemplate: V1PodTemplate;
  Service: V1Service;
  ConfigMap: V1ConfigMap;
  Namespace: V1Namespace;
  EndpointSlice: V1EndpointSlice;
  Ingress: V1Ingress;
  NetworkPolicy: V1NetworkPolicy;
  Gateway: ForeignObject;
  HTTPRoute: HTTPRoute;
  PodDisruptionBudget: V1PodDisruptionBudget;
  HorizontalPodAutoscaler: V2HorizontalPodAutoscaler;
  Job: V1Job;
  Rollout: ForeignObject;
  KnativeService: ForeignObject;
  KnativeRevision: ForeignObject;
}

/** As JSON carries it: the client's types say Date where the API writes text. */
type Raw<T> = T extends Date ? string : T extends object ? { [P in keyof T]: Raw<T[P]> } : T;

export type ObjectOf<K extends KindName> = Raw<Objects[K]>;
