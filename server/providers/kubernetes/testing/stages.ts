import type { V1Pod } from '@kubernetes/client-node';

/**
 * What kwok makes of pods, in place of kubelets. A pod says what shall become of it by the annotation
 * `testing.signalbox.io/behaviour`, or, where only configuration reaches it, by the variable TEST_BEHAVIOUR:
 *
 * - none: ready at once; with `testing.signalbox.io/ready-after` (or TEST_READY_AFTER), such as `2s`, so much later
 * - `never-ready`: runs and never becomes ready; a ready pod that is annotated so stops being ready
 * - `image-pull-error`: ErrImagePull, then ImagePullBackOff
 * - `crash-loop`: exits with code 1 over and over, CrashLoopBackOff between
 *
 * Taking the annotation away heals. Pods of Jobs are run by `kubelet.ts`, unless they are to misbehave.
 */
export const BEHAVIOUR_ANNOTATION = 'testing.signalbox.io/behaviour';
export const READY_AFTER_ANNOTATION = 'testing.signalbox.io/ready-after';
export type Behaviour = 'never-ready' | 'image-pull-error' | 'crash-loop';

/** What a pod was told to do wrong, if anything. */
export function behaviourOf(pod: V1Pod): string | null {
  const variables = pod.spec?.containers.flatMap((container) => container.env ?? []);
  const variable = variables?.find((one) => one.name === 'TEST_BEHAVIOUR')?.value;
  return pod.metadata?.annotations?.[BEHAVIOUR_ANNOTATION] ?? variable ?? null;
}

const given = (annotation: string, variable: string) =>
  `(.metadata.annotations["${annotation}"] // ([.spec.containers[].env[]? | select(.name == "${variable}") | .value] | .[0]))`;
const behaviour = given(BEHAVIOUR_ANNOTATION, 'TEST_BEHAVIOUR');
const readyAfter = given(READY_AFTER_ANNOTATION, 'TEST_READY_AFTER');
const OWNER = '.metadata.ownerReferences[]?.kind';
/** jq: one word for what shall become of the pod. */
const PLAN = `if ${behaviour} then ${behaviour} elif ([${OWNER} | select(. == "Job")] | length) > 0 then "job"
 elif ${readyAfter} then "slow" else "ready" end`;
const READY = '.status.conditions[]? | select(.type == "Ready") | .status';
const WAITING = '.status.containerStatuses[]?.state.waiting.reason';

/** How long a pod that is told to end goes on, as with a preStop hook that sleeps, in ms. */
export const ENDING_MS = 500;

/** kwok's configuration. */
export function kwokConfig(): string {
  const documents = [
    {
      apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
      kind: 'KwokConfiguration',
      options: {
        // Addresses on the loopback are refused in EndpointSlices; nothing is sent to these.
        cidr: '10.0.0.1/8',
        nodeLeaseDurationSeconds: 40,
        podPlayStageParallelism: 16,
      },
    },
    nodeStage(),
    ...podStages(),
  ];
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}

interface Condition {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

interface StageParts {
  readonly name: string;
  readonly when: readonly Condition[];
  readonly status: string;
  readonly delayMs?: number;
  readonly delayFrom?: string;
}

function podStage({ name, when, status, delayMs = 0, delayFrom }: StageParts) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchExpressions: [{ key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }, ...when],
      },
      delay: {
        durationMilliseconds: delayMs,
        ...(delayFrom && { durationFrom: { expressionFrom: delayFrom } }),
      },
      next: { statusTemplate: status },
    },
  };
}

function podStages() {
  const plan = (...values: string[]): Condition => ({ key: PLAN, operator: 'In', values });
  const ready = (operator: 'In' | 'NotIn'): Condition => ({ key: READY, operator, values: ['True'] });
  const waiting = (operator: 'In' | 'NotIn', ...values: string[]): Condition => ({
    key: WAITING,
    operator,
    values,
  });
  const hasIp = (operator: 'Exists' | 'DoesNotExist'): Condition => ({ key: '.status.podIP', operator });
  return [
    podStage({ name: 'pod-ready', when: [plan('ready'), ready('NotIn')], status: running(true) }),
    podStage({
      name: 'pod-started',
      when: [plan('slow', 'never-ready', 'crash-loop'), hasIp('DoesNotExist')],
      status: running(false),
    }),
    podStage({
      name: 'pod-ready-late',
      when: [plan('slow'), hasIp('Exists'), ready('NotIn')],
      status: running(true),
      delayFrom: readyAfter,
    }),
    podStage({ name: 'pod-not-ready', when: [plan('never-ready'), ready('In')], status: running(false) }),
    podStage({
      name: 'pod-image-error',
      when: [plan('image-pull-error'), waiting('NotIn', 'ErrImagePull', 'ImagePullBackOff')],
      status: imageError('ErrImagePull', 'failed to pull and unpack image: not found'),
    }),
    podStage({
      name: 'pod-image-back-off',
      when: [plan('image-pull-error'), waiting('In', 'ErrImagePull')],
      status: imageError('ImagePullBackOff', 'Back-off pulling image: ErrImagePull: not found'),
      delayMs: 200,
    }),
    podStage({
      name: 'pod-crash',
      when: [plan('crash-loop'), { key: '.status.containerStatuses[]?.state.running', operator: 'Exists' }],
      status: crashed(),
      delayMs: 200,
    }),
    podStage({
      name: 'pod-restart',
      when: [
        plan('crash-loop'),
        waiting('In', 'CrashLoopBackOff'),
        // Enough to be seen as a loop; a test that goes on for long is not flooded.
        { key: '.status.containerStatuses[0].restartCount < 5', operator: 'In', values: ['true'] },
      ],
      status: running(false, 'add1'),
      delayMs: 500,
    }),
    deleteStage(),
  ];
}

function deleteStage() {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: 'pod-delete' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchExpressions: [
          { key: '.metadata.deletionTimestamp', operator: 'Exists' },
          { key: OWNER, operator: 'NotIn', values: ['Job'] },
        ],
      },
      delay: { durationMilliseconds: ENDING_MS },
      next: { finalizers: { empty: true }, delete: true },
    },
  };
}

/** Defines `$now`, and `$before`: the status of the first container so far. */
const HEAD = `{{ $now := Now }}
{{ $before := dict }}{{ range $i, $it := .status.containerStatuses }}{{ if eq $i 0 }}{{ $before = $it }}{{ end }}{{ end }}
`;
const ADDRESS = `hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
{{ $ip := .status.podIP }}
{{ if not $ip }}{{ $ip = PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace }}{{ end }}
podIP: {{ $ip | Quote }}
podIPs:
- ip: {{ $ip | Quote }}
startTime: {{ or .status.startTime $now | Quote }}
`;

function conditions(ready: boolean, reason: string): string {
  const extra = ready ? '' : `, reason: ${reason}`;
  const rows = ['Initialized', 'Ready', 'ContainersReady'].map((type) => {
    const status = ready || type === 'Initialized' ? 'True' : 'False';
    return `- { type: ${type}, status: "${status}", lastTransitionTime: {{ $now | Quote }}${type === 'Initialized' ? '' : extra} }`;
  });
  return `conditions:\n${rows.join('\n')}\n`;
}

function running(ready: boolean, count = ''): string {
  const restarts = '( or $before.restartCount 0 )';
  return `${HEAD}${ADDRESS}${conditions(ready, 'ContainersNotReady')}phase: Running
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: ${ready}
  started: true
  restartCount: ${count ? `{{ ${count} ${restarts} }}` : `{{ ${restarts} }}`}
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
`;
}

function imageError(reason: string, message: string): string {
  return `${HEAD}${ADDRESS}${conditions(false, 'ContainersNotReady')}phase: Pending
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state: { waiting: { reason: ${reason}, message: "${message}" } }
{{ end }}
`;
}

function crashed(): string {
  return `${HEAD}${ADDRESS}${conditions(false, 'ContainersNotReady')}phase: Running
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: {{ or $before.restartCount 0 }}
  state: { waiting: { reason: CrashLoopBackOff, message: "back-off restarting failed container" } }
  lastState: { terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
`;
}

function nodeStage() {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: 'node-initialize' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Node' },
      selector: {
        matchExpressions: [{ key: READY, operator: 'NotIn', values: ['True'] }],
      },
      next: {
        statusTemplate: `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- { type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }}, message: {{ .message | Quote }}, lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }} }
{{ end }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
daemonEndpoints: { kubeletEndpoint: { Port: {{ NodePort }} } }
allocatable: { cpu: "64", memory: 256Gi, pods: 10k }
capacity: { cpu: "64", memory: 256Gi, pods: 10k }
phase: Running
`,
      },
    },
  };
}
