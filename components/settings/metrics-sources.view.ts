import { type Issue, issueSchema } from '@/components/editor/issues.view';
import { asSchema, fieldsOf, type SchemaField } from '@/components/editor/schema.view';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import type { MetricsSourceView } from '@/server/domain/views/canary';

/** By how they are named, the fields of a source that are kept secret. */
export function isSecret({ name }: SchemaField): boolean {
  return name.endsWith('Secret');
}

/** Where a source is, as far as its settings say it. */
export function addressOf({ config }: Pick<MetricsSourceView, 'config'>): string | null {
  for (const field of ['url', 'region', 'endpointFile']) {
    const value = config[field];
    if (typeof value === 'string') return value;
  }
  return null;
}

/** A source while someone fills in its form. */
export interface SourceDraft {
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What was typed: a secret that is left out stays as it is, null takes it away. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

export function draftOf(source: MetricsSourceView | null, kind: string): SourceDraft {
  return source
    ? { name: source.name, kind: source.kind, config: source.config, secrets: {} }
    : { name: '', kind, config: {}, secrets: {} };
}

/** The draft with another kind: what was said for one means nothing to another. */
export function withKind(draft: SourceDraft, kind: string): SourceDraft {
  return kind === draft.kind ? draft : { ...draft, kind, config: {}, secrets: {} };
}

/** A secret as typed; an empty field means that nothing is said about it. */
export function withSecret(draft: SourceDraft, field: string, value: string | null): SourceDraft {
  const { [field]: _before, ...others } = draft.secrets;
  return { ...draft, secrets: value === '' ? others : { ...others, [field]: value } };
}

/** Fields that a form must have before it is worth asking. */
export function missingFields(draft: SourceDraft, configSchema: unknown): readonly string[] {
  return fieldsOf(asSchema(configSchema))
    .filter(({ required }) => required)
    .map(({ name }) => name)
    .filter((name) => (draft.config[name] ?? '') === '');
}

export function isNameBad(name: string): boolean {
  return !pipelineNameSchema.safeParse(name).success;
}

/** What a refusal says about single fields; empty when it is about the whole. */
export function issuesOf(error: unknown): readonly Issue[] {
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  const details: unknown =
    typeof data === 'object' && data !== null && 'details' in data ? data.details : null;
  const issues = issueSchema.array().safeParse(asSchema(details)['issues']);
  return issues.success ? issues.data : [];
}
