import { fieldsOf, kindOf, type Schema, type SchemaField } from '@/components/editor/schema.view';

/** The fields of a query: long texts are what people really write, and come first. */
export function queryFields(schema: Schema): {
  readonly texts: readonly SchemaField[];
  readonly others: readonly SchemaField[];
} {
  const fields = fieldsOf(schema).filter(({ name }) => name !== 'type');
  const isText = (field: SchemaField) => {
    const kind = kindOf(field.schema, field.name);
    return kind.kind === 'text' && kind.long;
  };
  return { texts: fields.filter(isText), others: fields.filter((field) => !isText(field)) };
}

/** Whether one of the long texts says something. */
export function isWritten(texts: readonly SchemaField[], query: Readonly<Record<string, unknown>>): boolean {
  return texts.some(({ name }) => (query[name] ?? '') !== '');
}
