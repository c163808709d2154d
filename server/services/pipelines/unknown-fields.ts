import type { z } from 'zod';
import { noSuchField } from '@/server/domain/pipeline';
import type { Issue } from '@/server/services/pipelines/validate';
import {
  below,
  fits,
  isObject,
  type JsonSchema,
  jsonSchemaOf,
  listOf,
} from '@/server/services/pipelines/widget-values';
import { strategies } from '@/server/strategies/registry';

/**
 * Fields of a configuration that its schema does not have. The schemas themselves let them pass, because
 * they also read what earlier versions have stored.
 */
export function unknownFields(schema: z.ZodType, config: unknown): Issue[] {
  return look(jsonSchemaOf(schema), config, '');
}

function look(schema: unknown, value: unknown, path: string): Issue[] {
  if (!isObject(schema) || typeof value !== 'object' || value === null) return [];
  const options = [...listOf(schema.anyOf), ...listOf(schema.oneOf)];
  if (options.length > 0) return fewest(options, value, path);
  if (isObject(value)) return fieldsOf(schema, value, path);
  const tuple = listOf(schema.prefixItems);
  return listOf(value).flatMap((one, at) => look(tuple[at] ?? schema.items, one, below(path, at)));
}

/** Of a union the option that is meant is the one that knows most. */
function fewest(options: readonly unknown[], value: object, path: string): Issue[] {
  const type = Array.isArray(value) ? 'array' : 'object';
  const [best = []] = options
    .filter((option) => isObject(option) && (option.type ?? type) === type && fits(option, value))
    .map((option) => look(option, value, path))
    .toSorted((one, other) => one.length - other.length);
  return best;
}

function fieldsOf(schema: JsonSchema, value: JsonSchema, path: string): Issue[] {
  const { properties, additionalProperties: others } = schema;
  const fields = isObject(properties) ? properties : null;
  return Object.entries(value).flatMap(([key, one]) => {
    const at = below(path, key);
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (isObject(field) && field.widget === 'strategyOptions') return look(optionsOf(value), one, at);
    if (field !== undefined) return look(field, one, at);
    if (fields === null || others !== undefined) return look(others, one, at);
    return [{ path, message: noSuchField([key]) }];
  });
}

/** The form of the strategy that stands beside its options. */
function optionsOf({ strategy }: JsonSchema): JsonSchema | null {
  const kind = typeof strategy === 'string' && Object.hasOwn(strategies, strategy) ? strategy : '';
  const known = strategies[kind];
  return known ? jsonSchemaOf(known.optionsSchema) : null;
}
