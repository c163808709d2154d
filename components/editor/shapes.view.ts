import { z } from 'zod';
import { asSchema, fieldsOf, type SchemaField } from '@/components/editor/schema.view';
import {
  concurrencySchema,
  DEFAULT_FAILURE_POLICY,
  failurePolicySchema,
  notificationRuleSchema,
  PARAMETER_TYPES,
  parameterDefinitionSchema,
  pipelineDefinitionSchema,
  stageDefinitionSchema,
  triggerDefinitionSchema,
} from '@/server/domain/pipeline';

/** The forms of what every pipeline has, from the same schemas that the service reads it with. */
function shape(schema: z.ZodType): readonly SchemaField[] {
  return fieldsOf(asSchema(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })));
}

function marked(
  fields: readonly SchemaField[],
  widgets: Readonly<Record<string, string>>,
): readonly SchemaField[] {
  return fields.map((field) => {
    const widget = widgets[field.name];
    return widget ? { ...field, schema: { ...field.schema, widget } } : field;
  });
}

export const STAGE_RULES = marked(
  shape(
    z.object({
      when: stageDefinitionSchema.shape.when,
      onFailure: failurePolicySchema.default(DEFAULT_FAILURE_POLICY),
      timeoutSeconds: stageDefinitionSchema.shape.timeoutSeconds,
      window: stageDefinitionSchema.shape.window,
      comments: stageDefinitionSchema.shape.comments,
    }),
  ),
  { when: 'expression', comments: 'lines' },
);

export const PARAMETER_FIELDS = marked(
  shape(
    z.object({
      name: parameterDefinitionSchema.shape.name,
      type: z.enum(PARAMETER_TYPES).default('string'),
      required: parameterDefinitionSchema.shape.required,
      default: parameterDefinitionSchema.shape.default,
      options: parameterDefinitionSchema.shape.options,
      label: parameterDefinitionSchema.shape.label,
      description: parameterDefinitionSchema.shape.description,
    }),
  ),
  { description: 'lines' },
);

export const TRIGGER_FIELDS = shape(
  triggerDefinitionSchema.pick({ constraints: true, artifact: true, parameters: true }),
);

export const PIPELINE_FIELDS = marked(
  shape(pipelineDefinitionSchema.pick({ description: true, disabled: true })),
  { description: 'lines' },
);

/** What is there once, or not at all. */
export const RULE_FIELDS = shape(
  z.object({
    concurrency: concurrencySchema.optional(),
    notifications: z.array(notificationRuleSchema).optional(),
  }),
);
