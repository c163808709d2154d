import { triggerTypes } from '@/server/automation/triggers/registry';
import { parseParameters } from '@/server/domain/parameters';
import { isUsable } from '@/server/domain/patterns';
import type { PipelineDefinition, TriggerDefinition } from '@/server/domain/pipeline';
import { inspectTemplate } from '@/server/expressions/evaluate';
import { unknownFields } from '@/server/services/pipelines/unknown-fields';
import type { Issue, Known } from '@/server/services/pipelines/validate';
import { widgetValues } from '@/server/services/pipelines/widget-values';

type TriggerKnown = Pick<Known, 'application' | 'sources'>;

/** What is wrong with a pipeline's triggers. */
export function triggerIssues(definition: PipelineDefinition, known: TriggerKnown): Issue[] {
  const all = definition.triggers ?? [];
  const ids = all.map((trigger) => trigger.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...twice.map((id) => ({ path: 'triggers', message: `"${id}" is there twice` })),
    ...all.flatMap((trigger, index) =>
      oneIssues(definition, trigger, known).map(({ path, message }) => ({
        path: `triggers.${index}.${path}`,
        message,
      })),
    ),
  ];
}

function oneIssues(definition: PipelineDefinition, trigger: TriggerDefinition, known: TriggerKnown): Issue[] {
  const { sources } = known;
  const type = Object.hasOwn(triggerTypes, trigger.type) ? triggerTypes[trigger.type] : undefined;
  if (!type) {
    const kinds = Object.keys(triggerTypes).join(', ');
    return [{ path: 'type', message: `"${trigger.type}" is not a kind of trigger; there are ${kinds}` }];
  }
  const config = type.configSchema.safeParse(trigger.config);
  const shape = (config.error?.issues ?? []).map((issue) => ({
    path: ['config', ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
  const unheard = unknownFields(type.configSchema, trigger.config).map(({ path, message }) => ({
    path: path === '' ? 'config' : `config.${path}`,
    message,
  }));
  const patterns = (trigger.constraints ?? []).flatMap(({ pattern }, index) =>
    isUsable(pattern)
      ? []
      : [
          {
            path: `constraints.${index}.pattern`,
            message: 'is not a regular expression, or one that could take too long',
          },
        ],
  );
  const unknown = widgetValues(type.configSchema, trigger.config)
    .filter(({ widget, value }) => widget === 'webhookSource' && !sources.includes(value))
    .map(({ path, value }) => ({
      path: `config.${path}`,
      message: `there is no webhook source "${value}"; there are ${sources.join(', ') || 'none: an administrator can add it under Settings'}`,
    }));
  return [
    ...shape,
    ...unheard,
    ...unknown,
    ...patterns,
    ...selfIssues(definition, trigger, known),
    ...valueIssues(definition, trigger),
  ];
}

/** Circles over several pipelines are stopped when they run: each of them may be saved at any time. */
function selfIssues(
  { name }: PipelineDefinition,
  { type, config }: TriggerDefinition,
  { application }: TriggerKnown,
): Issue[] {
  const isOwn = type === 'pipeline' && config.pipeline === name && config.application === application;
  return isOwn ? [{ path: 'config.pipeline', message: 'the pipeline would start itself without end' }] : [];
}

function valueIssues(definition: PipelineDefinition, trigger: TriggerDefinition): Issue[] {
  const { parameters = {}, artifact } = trigger;
  const inspected = inspectTemplate({ parameters, artifact });
  const fixed = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !inspected.dynamic.has(`parameters.${name}`)),
  );
  const known = definition.parameters.map((one) => ({ ...one, required: false }));
  const { problems } = parseParameters(known, fixed);
  const missing = definition.parameters.filter(
    ({ name, required, default: standard }) => required && standard === undefined && !(name in parameters),
  );
  return [
    ...inspected.problems,
    ...problems.map((message) => ({ path: 'parameters', message })),
    ...missing.map(({ name }) => ({
      path: 'parameters',
      message: `the pipeline needs the parameter "${name}"`,
    })),
  ];
}
