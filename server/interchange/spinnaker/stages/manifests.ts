import { Unmappable } from '@/server/interchange/spinnaker/report';
import { isJson, type Source } from '@/server/interchange/spinnaker/source';
import type { Handler, StageInput } from '@/server/interchange/spinnaker/stages/handler';
import { placeOf } from '@/server/interchange/spinnaker/stages/place';

/** Stages of Kubernetes manifests. A workload is a cluster here; what it is made of is the artifact. */

const WORKLOADS = new Set(['deployment', 'replicaset', 'statefulset', 'daemonset']);
const DETAILS = [
  'relationships',
  'manifestArtifactAccount',
  'enableArtifactBinding',
  'skipExpressionEvaluation',
  'versioned',
  'canary',
  'allowNothingSelected',
  'noOutput',
  'outputName',
  'options',
  'mode',
  'kinds',
  'kind',
] as const;

interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly replicas: number | undefined;
}

export const deployManifest: Handler = (input) => {
  const { source } = input;
  const manifests = manifestsOf(source);
  const workloads = manifests.filter(({ kind }) => WORKLOADS.has(kind.toLowerCase()));
  const others = manifests.filter((one) => !workloads.includes(one));
  if (manifests.length > 0 && workloads.length === 0) throw new Unmappable(whyNot(others));
  const [workload, ...more] = workloads;
  if (more.length > 0)
    throw new Unmappable('It applies several workloads at once; here each is a deploy of its own.');
  const { strategy, namespace } = trafficOf(source, workload);
  const place = manifestPlace(input, [workload?.name], [namespace, workload?.namespace]);
  if (others.length > 0) source.note('lost', 'manifests', whyNot(others));
  source.note(
    'changed',
    workload ? 'manifests' : 'manifestArtifactId',
    `It delivers the artifact of the execution; what else the manifest says of ${workload?.name ?? 'the workload'} belongs to the artifact and to the configuration of the environment ${place.environment.name}.`,
  );
  const { replicas } = workload ?? {};
  const capacity =
    replicas === undefined ? {} : { capacity: { min: replicas, desired: replicas, max: replicas } };
  return [{ type: 'deploy', config: { ...place.config, strategy, options: {}, ...capacity } }];
};

function whyNot(manifests: readonly Manifest[]): string {
  const names = manifests.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return `It applies ${names}: what is configuration belongs to the environment here, and other objects are kept elsewhere.`;
}

function manifestsOf(source: Source): Manifest[] {
  source.needless(
    'where the manifest comes from does not matter here',
    'source',
    'manifestArtifactId',
    'manifestArtifact',
  );
  const all = source.value('manifests') ?? source.value('manifest') ?? [];
  return (Array.isArray(all) ? all : [all]).filter(isJson).map((json) => {
    const metadata = isJson(json.metadata) ? json.metadata : {};
    const spec = isJson(json.spec) ? json.spec : {};
    return {
      kind: textOf(json.kind) || 'object',
      name: textOf(metadata.name),
      namespace: typeof metadata.namespace === 'string' ? metadata.namespace : undefined,
      replicas: typeof spec.replicas === 'number' ? spec.replicas : undefined,
    };
  });
}

function trafficOf(
  source: Source,
  workload: Manifest | undefined,
): { strategy: string; namespace: string | undefined } {
  const traffic = source.child('trafficManagement');
  const options = traffic?.child('options');
  const enabled = traffic?.flag('enabled') ?? false;
  const chosen = options?.text('strategy');
  const namespace = options?.text('namespace');
  options?.needless('a cluster has one load balancer of its name', 'services');
  const direct = options?.flag('enableTraffic');
  if (enabled) return { strategy: ours(chosen, direct), namespace };
  if (workload?.kind.toLowerCase() === 'replicaset') return { strategy: 'none', namespace };
  source.note(
    'changed',
    'trafficManagement',
    'The rolling update of the platform becomes a rolling red/black here.',
  );
  return { strategy: 'rollingredblack', namespace };
}

function ours(strategy: string | undefined, enableTraffic: boolean | undefined): string {
  switch (strategy) {
    case 'redblack':
    case 'bluegreen':
      return 'redblack';
    case 'highlander':
      return 'highlander';
    case undefined:
    case '':
    case 'none':
      if (enableTraffic === false)
        throw new Unmappable(
          'It puts a new version beside the old without traffic; here every deploy takes traffic.',
        );
      return 'none';
    default:
      throw new Unmappable(`Its strategy "${strategy}" is not one of those here.`);
  }
}

function manifestPlace(
  input: StageInput,
  names: readonly (string | undefined)[],
  more: readonly (string | undefined)[] = [],
) {
  const { source } = input;
  const namespaces = [
    source.text('namespaceOverride'),
    source.text('namespace'),
    source.text('location'),
    ...more,
  ];
  source.needless('belongs to the platform of manifests', ...DETAILS);
  const place = placeOf(source, input, { clusters: [...names, source.text('cluster')], namespaces });
  return place;
}

/** `deployment shop` or a cluster named by criteria. */
function namedManifest(source: Source): string | undefined {
  const name = source.text('manifestName');
  source.needless('the environment says which it is', 'criteria', 'app');
  return name?.split(' ').at(-1);
}

export const undoRolloutManifest: Handler = (input) => {
  const { source } = input;
  const back = source.number('numRevisionsBack') ?? 1;
  if (back !== 1)
    throw new Unmappable(`It goes back ${back} versions; here a rollback goes to what served before.`);
  return [{ type: 'rollbackCluster', config: manifestPlace(input, [namedManifest(source)]).config }];
};

export const scaleManifest: Handler = (input) => {
  const replicas = input.source.number('replicas');
  if (replicas === undefined) throw new Unmappable('How many replicas is worked out when it runs.');
  const { config } = manifestPlace(input, [namedManifest(input.source)]);
  const capacity = { min: replicas, desired: replicas, max: replicas };
  return [
    {
      type: 'resizeServerGroups',
      config: { ...config, target: 'newest', resize: { action: 'exact', capacity } },
    },
  ];
};

const ofVersion =
  (type: string): Handler =>
  (input) => [
    {
      type,
      config: {
        ...manifestPlace(input, [namedManifest(input.source)]).config,
        target: criteria(input.source),
      },
    },
  ];

function criteria(source: Source): string {
  const word = source.text('criteria') ?? 'newest';
  const known: Readonly<Record<string, string>> = {
    newest: 'newest',
    second_newest: 'previous',
    oldest: 'oldest',
    largest: 'largest',
  };
  const target = known[word];
  if (target) return target;
  throw new Unmappable(`It works on the "${word}" version, which is no way to name a server group here.`);
}

export const enableManifest = ofVersion('enableServerGroups');
export const disableManifest = ofVersion('disableServerGroups');

/** What is named or labelled goes as a whole. */
export const deleteManifest: Handler = (input) => {
  const { source } = input;
  const labels = source.child('labelSelectors')?.children('selectors') ?? [];
  const values = labels.flatMap((selector) => {
    selector.needless('labels are compared for equality', 'kind', 'key');
    return selector.texts('values') ?? [];
  });
  const { config, environment } = manifestPlace(input, [namedManifest(source), ...values]);
  source.note(
    'changed',
    'manifestName',
    `It removes all server groups of ${environment.cluster}; the guard of traffic holds.`,
  );
  return [{ type: 'shrinkCluster', config: { ...config, shrinkTo: 0, allowActive: true } }];
};

/** A job of the artifact that the environment runs is a job here; any other image is not known. */
export const runJobManifest: Handler = (input) => {
  const { source } = input;
  const job = source.value('manifest');
  const container = firstContainer(job);
  if (!container) throw new Unmappable('It runs a job whose container does not stand in the pipeline.');
  const { config, environment } = manifestPlace(input, []);
  const image = textOf(container.image).replace(/[:@][^/]*$/, '');
  if (image !== environment.artifact && image.split('/').at(-1) !== environment.artifact)
    throw new Unmappable(
      `It runs the image ${image}; here jobs run what the environment delivers, which is ${environment.artifact}.`,
    );
  source.note(
    'changed',
    'manifest',
    `It runs the command with the artifact of the execution in the environment ${environment.name}.`,
  );
  source.lose(
    'What a job prints is in its log.',
    'consumeArtifactSource',
    'propertyFile',
    'consumeArtifactId',
  );
  source.needless('there is one kind of job', 'alias', 'application');
  const command = [container.command, container.args].flatMap((words) =>
    Array.isArray(words) ? words.map(String) : [],
  );
  return [
    {
      type: 'runJob',
      config: { environment: config.environment, command: command.map((word) => input.texts.template(word)) },
    },
  ];
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function firstContainer(job: unknown): Readonly<Record<string, unknown>> | undefined {
  let at: unknown = job;
  for (const key of ['spec', 'template', 'spec', 'containers', '0']) {
    // Arrays are read by index like objects by key.
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  }
  return isJson(at) ? at : undefined;
}
