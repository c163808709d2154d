import type { z } from 'zod';
import { parseParameters } from '@/server/domain/parameters';
import type {
  ParameterDefinition,
  ParameterValue,
  PipelineDefinition,
  StageDefinition,
} from '@/server/domain/pipeline';
import type { Widget } from '@/server/domain/widgets';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { expressionIssues } from '@/server/services/pipelines/expression-issues';
import { namedByStage } from '@/server/services/pipelines/naming';
import { triggerIssues } from '@/server/services/pipelines/trigger-issues';
import { unknownFields } from '@/server/services/pipelines/unknown-fields';

const types: StageCatalogue = stageTypes;

/** Something wrong with a definition, and where. */
export interface Issue {
  /** Dotted, e.g. `stages.1.config.strategy`. */
  readonly path: string;
  readonly message: string;
}

/** What there is that a pipeline may name. */
export interface Known {
  readonly application: string;
  readonly environments: readonly string[];
  /** Of the same application, itself included. */
  readonly pipelines: readonly string[];
  /** Notification endpoints of the installation. */
  readonly endpoints: readonly string[];
  /** Webhook sources of the installation. */
  readonly sources: readonly string[];
  /** Of the same application. */
  readonly canaryConfigs: readonly string[];
  /** Of the installation. */
  readonly metricsSources: readonly string[];
  /** Variants of the toggles of the installation, by their keys; archived ones left out. */
  readonly toggles: Readonly<Record<string, readonly string[]>>;
  readonly toggleEnvironments: readonly string[];
}

/** What is wrong with a pipeline beyond its shape: the graph, the stage types, their configuration and expressions. */
export function pipelineIssues(definition: PipelineDefinition, known: Known): Issue[] {
  const issues = definition.stages.flatMap((stage, index) =>
    [...stageIssues(definition, stage, known), ...referenceIssues(stage, definition)].map(
      ({ path, message }) => ({ path: `stages.${index}.${path}`, message }),
    ),
  );
  const all = [
    ...issues,
    ...nestedIssues(definition),
    ...parameterIssues(definition),
    ...triggerIssues(definition, known),
    ...notificationIssues(definition, known.endpoints),
  ];
  return all.length > 0 ? all : cycleIssues(definition);
}

function notificationIssues(
  { notifications = [] }: PipelineDefinition,
  endpoints: readonly string[],
): Issue[] {
  return notifications.flatMap(({ endpoint }, index) =>
    endpoints.includes(endpoint)
      ? []
      : [
          {
            path: `notifications.${index}.endpoint`,
            message: `there is no notification endpoint "${endpoint}"; there are ${endpoints.join(', ') || 'none: an administrator can add it under Settings'}`,
          },
        ],
  );
}

function parameterIssues({ parameters }: PipelineDefinition): Issue[] {
  const names = parameters.map((parameter) => parameter.name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice.map((name) => ({ path: 'parameters', message: `"${name}" is there twice` })),
    ...parameters.flatMap((parameter, index) => {
      const { default: standard, options = [] } = parameter;
      const free = { ...parameter, options: undefined, default: undefined };
      return [
        ...options.flatMap((option, at) => valueIssues(free, option, `parameters.${index}.options.${at}`)),
        ...(standard === undefined ? [] : valueIssues(parameter, standard, `parameters.${index}.default`)),
      ];
    }),
  ];
}

function valueIssues(parameter: ParameterDefinition, value: ParameterValue, path: string): Issue[] {
  const { problems } = parseParameters([parameter], { [parameter.name]: value });
  return problems.map((message) => ({ path, message }));
}

function referenceIssues(stage: StageDefinition, { stages }: PipelineDefinition): Issue[] {
  const same = stages.filter((other) => other.refId === stage.refId);
  const missing = stage.requires.filter((required) => !stages.some((other) => other.refId === required));
  return [
    ...(same.length > 1
      ? [{ path: 'refId', message: `"${stage.refId}" is used by ${same.length} stages` }]
      : []),
    ...missing.map((required) => ({ path: 'requires', message: `there is no stage "${required}"` })),
  ];
}

/** The parts that a stage plans are called by its refId, a dot and more. */
function nestedIssues({ stages }: PipelineDefinition): Issue[] {
  const names = new Set(stages.map((stage) => stage.refId));
  return stages.flatMap(({ refId }, index) => {
    const whole = prefixesOf(refId).find((prefix) => names.has(prefix));
    if (whole === undefined) return [];
    const message = `"${refId}" begins with "${whole}.", as the parts of the stage "${whole}" do; choose another`;
    return [{ path: `stages.${index}.refId`, message }];
  });
}

/** `a.b` → `a`; `a.b.c` → `a`, `a.b`. */
function prefixesOf(refId: string): string[] {
  const parts = refId.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

function stageIssues(definition: PipelineDefinition, stage: StageDefinition, known: Known): Issue[] {
  const type = Object.hasOwn(types, stage.type) ? types[stage.type] : undefined;
  if (!type?.authorable) {
    const offered = Object.values(types).filter((one) => one.authorable);
    const names = offered.map((one) => one.type).join(', ');
    return [{ path: 'type', message: `"${stage.type}" is not a stage type; there are ${names}` }];
  }
  const { issues, dynamic } = expressionIssues(definition, stage);
  const config = type.configSchema.safeParse(stage.config);
  const shape = config.success ? [] : zodIssues('config', config.error);
  // What an expression will give is checked when the stage starts.
  const certain = shape.filter(({ path }) => !dynamic.has(path.slice('config.'.length)));
  const unknown = unknownFields(type.configSchema, stage.config).map(({ path, message }) => ({
    path: path === '' ? 'config' : `config.${path}`,
    message,
  }));
  return [...issues, ...certain, ...unknown, ...namingIssues(definition, stage, known, dynamic)];
}

/** What people call a thing that a widget names, where it is not the widget's own word. */
const WORDS: Partial<Record<Widget, string>> = {
  canaryConfig: 'canary configuration',
  metricsSource: 'metrics source',
  toggleEnvironment: 'environment of toggles',
};

/** There may be hundreds of toggles. */
const MOST_NAMED = 20;

/** Of the toggle that a stage names; nothing is said of those of a toggle that is not there. */
function variantsOf({ config }: StageDefinition, { toggles }: Known): { variant?: readonly string[] } {
  const { toggle } = config;
  const variants = typeof toggle === 'string' && Object.hasOwn(toggles, toggle) ? toggles[toggle] : undefined;
  return variants ? { variant: variants } : {};
}

/** What a configuration names must exist; the schema of a type cannot know what there is. */
function namingIssues(
  definition: PipelineDefinition,
  stage: StageDefinition,
  known: Known,
  dynamic: ReadonlySet<string>,
): Issue[] {
  const there: Partial<Record<Widget, readonly string[]>> = {
    environment: known.environments,
    ...(stage.config.application === undefined ? { pipeline: known.pipelines } : {}),
    stage: definition.stages.map((one) => one.refId),
    canaryConfig: known.canaryConfigs,
    metricsSource: known.metricsSources,
    toggle: Object.keys(known.toggles),
    toggleEnvironment: known.toggleEnvironments,
    ...variantsOf(stage, known),
  };
  return namedByStage(stage).flatMap(({ path, widget, value }) => {
    const names = there[widget];
    if (!names || dynamic.has(path) || names.includes(value)) return [];
    const more = names.length > MOST_NAMED ? ' and others' : '';
    const listed = names.slice(0, MOST_NAMED).join(', ') || 'none';
    const message = `there is no ${WORDS[widget] ?? widget} "${value}"; there are ${listed}${more}`;
    return [{ path: `config.${path}`, message }];
  });
}

function zodIssues(path: string, error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({
    path: [path, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
}

/** Takes away, again and again, what requires nothing that is left; a circle is what remains. */
function cycleIssues({ stages }: PipelineDefinition): Issue[] {
  let left = [...stages];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const names = new Set(left.map((stage) => stage.refId));
    left = left.filter((stage) => stage.requires.some((required) => names.has(required)));
  }
  if (left.length === 0) return [];
  const circle = left.map((stage) => stage.refId).join(', ');
  return [{ path: 'stages', message: `stages require each other in a circle, among ${circle}` }];
}
