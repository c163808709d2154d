import { z } from 'zod';
import { WIDGETS, type Widget } from '@/server/domain/widgets';

/** A value in a configuration that a schema marks as naming something. */
export interface WidgetValue {
  readonly path: string;
  readonly widget: Widget;
  readonly value: string;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

const schemas = new WeakMap<z.ZodType, JsonSchema>();

/** What a configuration names, by the `widget` marks of its schema. */
export function widgetValues(schema: z.ZodType, config: unknown): WidgetValue[] {
  const found: WidgetValue[] = [];
  collect(jsonSchemaOf(schema), config, '', found);
  return found;
}

/** What may be written for a schema. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = schemas.get(schema) ?? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  schemas.set(schema, known);
  return known;
}

function collect(schema: unknown, value: unknown, path: string, found: WidgetValue[]): void {
  if (!isObject(schema) || value === undefined) return;
  const widget = WIDGETS.find((one) => one === schema.widget);
  if (widget && typeof value === 'string') found.push({ path, widget, value });
  for (const word of ['anyOf', 'oneOf', 'allOf']) {
    for (const option of listOf(schema[word])) if (fits(option, value)) collect(option, value, path, found);
  }
  if (Array.isArray(value)) value.forEach((one, at) => collect(schema.items, one, below(path, at), found));
  else if (isObject(value)) {
    const fields = isObject(schema.properties) ? schema.properties : {};
    for (const [key, one] of Object.entries(value))
      collect(fields[key] ?? schema.additionalProperties, one, below(path, key), found);
  }
}

/** Whether a value is of this option of a union, as far as its fixed fields tell. */
export function fits(option: unknown, value: unknown): boolean {
  if (!isObject(option) || !isObject(option.properties) || !isObject(value)) return true;
  return Object.entries(option.properties).every(
    ([key, field]) => !isObject(field) || field.const === undefined || field.const === value[key],
  );
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function below(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`;
}

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
