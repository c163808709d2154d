import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { imageFor } from '@/server/providers/kubernetes/verbs/image';
import type { Labels, Platform } from '@/server/providers/kubernetes/verbs/platform';
import type { JobSpec, ServerGroupSpec } from '@/server/providers/provider';

export type PodTemplate = NonNullable<ObjectOf<'PodTemplate'>['template']>;
type PodSpec = NonNullable<PodTemplate['spec']>;
type Container = PodSpec['containers'][number];
type Variables = NonNullable<Container['env']>;

export const MAIN_CONTAINER = 'main';
const OURS = 'signalbox.io/';
/** Long enough for balancers to learn that a pod leaves before it stops listening. */
const LEAVING_SECONDS = 5;

/**
 * How the people of the cluster want containers run: resources, probes, volumes, service account. They keep it in
 * a PodTemplate named as the cluster, or as the application for all its clusters; Signalbox only reads it.
 */
export async function keptTemplate(
  { api }: Platform,
  namespace: string,
  names: readonly string[],
): Promise<PodTemplate | null> {
  for (const name of names) {
    const found = await api.get('PodTemplate', { namespace, name });
    if (found?.template) return found.template;
  }
  return null;
}

/** The template of a server group: the kept one, or a plain container that is ready when its port is open. */
export function groupTemplate(
  { config }: Pick<Platform, 'config'>,
  spec: ServerGroupSpec,
  kept: PodTemplate | null,
  labels: Labels,
): PodTemplate {
  const plain: PodSpec = {
    automountServiceAccountToken: false,
    containers: [
      {
        name: MAIN_CONTAINER,
        ports: [{ name: 'http', containerPort: config.port, protocol: 'TCP' }],
        readinessProbe: { tcpSocket: { port: config.port }, periodSeconds: 2 },
        lifecycle: { preStop: { sleep: { seconds: LEAVING_SECONDS } } },
      },
    ],
  };
  const changed = withMain(kept?.spec ?? plain, (container) => ({
    ...container,
    image: imageFor(config, spec.artifact),
    env: variables(container.env, { PORT: String(config.port) }, spec.config),
  }));
  return { metadata: metadataOf(kept, labels), spec: changed };
}

/** The template of a job: it is never restarted, and its own deadline leaves the log and the exit code behind. */
export function jobTemplate(
  { config }: Pick<Platform, 'config'>,
  spec: JobSpec,
  kept: PodTemplate | null,
  labels: Labels,
): PodTemplate {
  const plain: PodSpec = { automountServiceAccountToken: false, containers: [{ name: MAIN_CONTAINER }] };
  const changed = withMain(kept?.spec ?? plain, (container) => ({
    ...container,
    image: imageFor(config, spec.artifact),
    env: variables(container.env, {}, spec.config),
    ...(spec.command.length > 0 ? { command: [...spec.command], args: [] } : {}),
  }));
  return {
    metadata: metadataOf(kept, labels),
    spec: { ...changed, restartPolicy: 'Never', activeDeadlineSeconds: spec.timeoutSeconds },
  };
}

/** The container that the artifact runs in: the one named `main`, else the first. */
export function mainContainer(containers: readonly Container[]): Container | undefined {
  return containers.find(({ name }) => name === MAIN_CONTAINER) ?? containers[0];
}

function withMain(spec: PodSpec, change: (container: Container) => Container): PodSpec {
  const main = mainContainer(spec.containers);
  return { ...spec, containers: spec.containers.map((one) => (one === main ? change(one) : one)) };
}

function metadataOf(kept: PodTemplate | null, labels: Labels): PodTemplate['metadata'] {
  const { labels: given = {}, annotations } = kept?.metadata ?? {};
  // Whether requests come in and whose a pod is, no template says.
  const own = Object.entries(given).filter(([key]) => !key.includes(OURS));
  return { labels: { ...Object.fromEntries(own), ...labels }, ...(annotations ? { annotations } : {}) };
}

/** The kept variables, those of the artifact's configuration over them, and defaults where neither says anything. */
function variables(kept: Variables = [], defaults: Labels, config: Labels): Variables {
  const known = new Set(kept.map(({ name }) => name));
  const missing = Object.entries(defaults).filter(([name]) => !known.has(name) && config[name] === undefined);
  return [
    ...kept.filter(({ name }) => config[name] === undefined),
    ...[...missing, ...Object.entries(config)].map(([name, value]) => ({ name, value })),
  ];
}
