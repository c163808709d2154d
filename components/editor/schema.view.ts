import type { JsonObject } from '@/components/editor/draft.view';
import { WIDGETS, type Widget } from '@/server/domain/widgets';

/** A JSON schema as the catalogue gives it; `widget` says what a form should offer. */
export type Schema = JsonObject;

export interface SchemaField {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** One way in which a value of several shapes can be. */
export interface Branch {
  readonly key: string;
  /** What is put there when someone chooses it. */
  readonly initial: unknown;
  /** What is asked for further. */
  readonly fields: readonly SchemaField[];
  fits(value: unknown): boolean;
}

/** Widgets that suggest names; `Select` for those that must exist in the application. */
export type NamedWidget = Extract<
  Widget,
  | 'environment'
  | 'strategy'
  | 'pipeline'
  | 'application'
  | 'account'
  | 'region'
  | 'cluster'
  | 'stage'
  | 'role'
  | 'artifact'
  | 'webhookSource'
  | 'endpoint'
  | 'canaryConfig'
  | 'metricsSource'
  | 'toggle'
  | 'toggleEnvironment'
  | 'variant'
  | 'timeZone'
>;

/** How a field is asked for. */
export type FieldKind =
  | { readonly kind: 'boolean' | 'seconds' | 'cron' | 'expression' | 'any' | 'json' | 'weekdays' }
  /** An expression in its braces. */
  | { readonly kind: 'braced' }
  | {
      readonly kind: 'number';
      readonly unit: 'percent' | null;
      readonly min: number | undefined;
      readonly max: number | undefined;
    }
  | { readonly kind: 'text'; readonly long: boolean }
  | { readonly kind: 'enum' | 'flags'; readonly values: readonly string[] }
  | { readonly kind: 'named'; readonly widget: NamedWidget }
  | { readonly kind: 'list'; readonly item: Schema }
  | { readonly kind: 'object'; readonly fields: readonly SchemaField[] }
  | { readonly kind: 'record'; readonly value: Schema }
  | { readonly kind: 'choice'; readonly branches: readonly Branch[] }
  /** The form of the strategy that its sibling `strategy` names. */
  | { readonly kind: 'strategyOptions' };

const LONG_TEXT = 500;

/** Reads from a schema how to ask for a value. A field's name helps where the schema says only "number" or "text". */
export function kindOf(nullable: Schema, name = ''): FieldKind {
  const schema = withoutNull(nullable);
  const widget = widgetOf(schema, name);
  const byWidget = widget ? kindOfWidget(widget, schema) : null;
  if (byWidget) return byWidget;
  const branches = branchesOf(schema);
  if (branches) return { kind: 'choice', branches };
  if (Array.isArray(schema['enum'])) return { kind: 'enum', values: schema['enum'].map(String) };
  switch (schema['type']) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return numberKind(schema, null);
    case 'string':
      // What has to fit a pattern is a word or a line, however long it may be.
      return {
        kind: 'text',
        long: schema['pattern'] === undefined && Number(schema['maxLength'] ?? 0) > LONG_TEXT,
      };
    case 'array':
      return arrayKind(asSchema(schema['items']), name);
    case 'object':
      return objectKind(schema);
    default:
      return { kind: name === 'expression' ? 'braced' : 'any' };
  }
}

/** Null means the same as nothing, and a form leaves out what is nothing. */
function withoutNull(schema: Schema): Schema {
  const options = listOf(schema['anyOf']).map(asSchema);
  const others = options.filter((option) => option['type'] !== 'null');
  const [only] = others;
  return only && others.length === 1 && options.length > 1 ? { ...only, ...around(schema) } : schema;
}

/** What is said of a union beside its options. */
function around({ anyOf: _options, ...rest }: Schema): Schema {
  return rest;
}

function kindOfWidget(widget: Widget, schema: Schema): FieldKind | null {
  switch (widget) {
    case 'seconds':
    case 'cron':
    case 'expression':
    case 'json':
    case 'strategyOptions':
      return { kind: widget };
    case 'percent':
      return numberKind(schema, 'percent');
    case 'lines':
      return { kind: 'text', long: true };
    case 'url':
      return { kind: 'text', long: false };
    case 'environment':
    case 'strategy':
    case 'pipeline':
    case 'application':
    case 'account':
    case 'region':
    case 'cluster':
    case 'stage':
    case 'role':
    case 'artifact':
    case 'webhookSource':
    case 'endpoint':
    case 'canaryConfig':
    case 'metricsSource':
    case 'toggle':
    case 'toggleEnvironment':
    case 'variant':
    case 'timeZone':
      // A list of them asks for each.
      return schema['type'] === 'array' ? null : { kind: 'named', widget };
    default:
      return widget satisfies never;
  }
}

function widgetOf(schema: Schema, name: string): Widget | undefined {
  const marked = WIDGETS.find((widget) => widget === schema['widget']);
  if (marked) return marked;
  const { type } = schema;
  if (type === 'integer' && /(^s|S)econds$/.test(name)) return 'seconds';
  if (type === 'integer' && name === 'percent') return 'percent';
  if (type === 'string' && name === 'timeZone') return 'timeZone';
  return undefined;
}

function numberKind(schema: Schema, unit: 'percent' | null): FieldKind {
  const bound = (key: string) => (typeof schema[key] === 'number' ? schema[key] : undefined);
  const max = bound('maximum');
  return {
    kind: 'number',
    unit,
    min: bound('minimum') ?? bound('exclusiveMinimum'),
    max: max === Number.MAX_SAFE_INTEGER ? undefined : max,
  };
}

function arrayKind(item: Schema, name: string): FieldKind {
  if (Array.isArray(item['enum'])) return { kind: 'flags', values: item['enum'].map(String) };
  if (name === 'days' && item['minimum'] === 1 && item['maximum'] === 7) return { kind: 'weekdays' };
  return { kind: 'list', item };
}

function objectKind(schema: Schema): FieldKind {
  if (isSchema(schema['properties'])) return { kind: 'object', fields: fieldsOf(schema) };
  return { kind: 'record', value: asSchema(schema['additionalProperties']) };
}

/** The fields of an object, as written in its schema. */
export function fieldsOf(schema: Schema): readonly SchemaField[] {
  const required = listOf(schema['required']);
  return Object.entries(asSchema(schema['properties'])).map(([name, field]) => ({
    name,
    schema: asSchema(field),
    required: required.includes(name),
  }));
}

/** The branches of a union that can be told apart by looking; null when it is none. */
function branchesOf(schema: Schema): readonly Branch[] | null {
  const options = listOf(schema['oneOf'] ?? schema['anyOf']).map(asSchema);
  if (options.length === 0) return null;
  const tag = tagOf(options);
  const branches = options.flatMap((option) =>
    tag ? [taggedBranch(option, tag)] : untaggedBranches(option),
  );
  return branches.every((branch) => branch !== null) ? branches : null;
}

/** The field whose fixed value tells the options apart. */
function tagOf(options: readonly Schema[]): string | null {
  const [first] = options.map(fieldsOf);
  const fixed = (option: Schema, name: string) =>
    fieldsOf(option).some((field) => field.name === name && 'const' in field.schema);
  return first?.find(({ name }) => options.every((option) => fixed(option, name)))?.name ?? null;
}

function taggedBranch(option: Schema, tag: string): Branch {
  const fields = fieldsOf(option);
  const key = String(fields.find((field) => field.name === tag)?.schema['const']);
  return {
    key,
    initial: initialOf(option),
    fields: fields.filter((field) => field.name !== tag),
    fits: (value) => isSchema(value) && value[tag] === key,
  };
}

function untaggedBranches(option: Schema): readonly (Branch | null)[] {
  if (Array.isArray(option['enum'])) {
    return option['enum'].map(String).map((key) => ({
      key,
      initial: key,
      fields: [],
      fits: (value) => value === key,
    }));
  }
  const fields = fieldsOf(option);
  const [first] = fields;
  if (!first) return [null];
  return [{ key: first.name, initial: initialOf(option), fields, fits: isSchema }];
}

/** The least that can stand there: what is fixed, and nothing that someone has to choose. */
export function initialOf(schema: Schema): unknown {
  if ('const' in schema) return schema['const'];
  if (isSchema(schema['properties'])) {
    const fixed = fieldsOf(schema).flatMap(({ name, schema: field, required }) => {
      const value = required ? initialOf(field) : undefined;
      return value === undefined || value === '' ? [] : [[name, value] as const];
    });
    return Object.fromEntries(fixed);
  }
  const branches = branchesOf(schema);
  if (branches) return branches[0]?.initial;
  switch (schema['type']) {
    case 'array':
      return initialList(schema);
    case 'object':
      return {};
    case 'string':
      return Array.isArray(schema['enum']) ? undefined : '';
    default:
      return undefined;
  }
}

function initialList(schema: Schema): unknown[] {
  const item = initialItem(asSchema(schema['items']));
  return Number(schema['minItems'] ?? 0) > 0 && typeof item === 'object' ? [item] : [];
}

/** What a new entry of a list starts as: it has to be something. */
export function initialItem(schema: Schema): unknown {
  const initial = initialOf(schema);
  if (initial !== undefined) return initial;
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const isNumber = schema['type'] === 'integer' || schema['type'] === 'number';
  return isNumber ? (schema['minimum'] ?? 0) : '';
}

/** Always to be seen, even where they may be left out: most people fill them in. */
const PROMINENT = new Set([
  'environment',
  'target',
  'instructions',
  'inputs',
  'roles',
  'method',
  'steps',
  'percentages',
  'pauseSeconds',
  'delayBetweenSeconds',
  'keep',
  'type',
  'default',
  'required',
  'source',
  'warmupSeconds',
  'intervalSeconds',
  'lifetimeSeconds',
  'weight',
]);
/** So few fields are shown whole. */
const FEW = 4;

/** Which fields of a type, or of something `boxed` within a form, are asked for at once, and which only for those who look for more. */
export function splitFields(
  fields: readonly SchemaField[],
  boxed = false,
): {
  readonly first: readonly SchemaField[];
  readonly more: readonly SchemaField[];
} {
  const isFirst = ({ name, required, schema }: SchemaField) =>
    required || PROMINENT.has(name) || schema['widget'] === 'strategyOptions';
  const more = fields.filter((field) => !isFirst(field));
  // A box in which there is only a fold would show nothing.
  const isAllFolded = boxed && more.length === fields.length;
  if (fields.length <= FEW || more.length < 2 || isAllFolded) return { first: fields, more: [] };
  return { first: fields.filter(isFirst), more };
}

/** Whether a text stands for a value that is only known when the stage starts. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.includes('${');
}

/** What stands in `${…}` when the text is nothing but one expression; null otherwise. */
export function innerExpression(text: string): string | null {
  const inner = /^\$\{([\s\S]*)\}$/.exec(text)?.[1];
  return inner === undefined || inner.includes('${') ? null : inner;
}

/** `healthTimeoutSeconds` → `Health timeout seconds`, for fields that the catalogue has no word for. */
export function humanized(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as it stands in a text field. */
export function plainText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value as JSON people would type: text as it stands, everything else as JSON. */
export function typedText(value: unknown): string {
  if (typeof value !== 'string') return plainText(value);
  return fromTyped(value) === value ? value : JSON.stringify(value);
}

/** What was typed: JSON where it is JSON, else the text itself. */
export function fromTyped(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

export function isSchema(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
