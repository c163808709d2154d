import { z } from 'zod';
import { sourceType } from '@/server/analysis/open-source';
import { AppError } from '@/server/domain/errors';
import type { SecretBox } from '@/server/secrets/seal';
import type { MetricsSourceRow } from '@/server/services/metrics-sources/find';
import type { Issue } from '@/server/services/pipelines/validate';
import { requireNoIssues } from '@/server/services/shared/issues';
import { secretsOf } from '@/server/services/shared/signing-secret';

/** What a person gives. A secret that is left out stays as it is, null takes it away. */
export const settingsShape = {
  kind: z.string().min(1),
  /** Fields named `…Secret` may stand here as well; they are kept apart all the same. */
  config: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.string().nullable()).default({}),
};
const settingsSchema = z.object(settingsShape);
export type GivenSettings = z.output<typeof settingsSchema>;

export interface Settings {
  readonly kind: string;
  /** Without secrets. */
  readonly config: Readonly<Record<string, unknown>>;
  /** In plain text. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The settings of a source as they will be, checked by its own schema.
 * @param before the source that is changed, whose secrets stay where nothing else is said.
 * @throws AppError `bad_request` with the place of everything that is wrong.
 */
export function settledSettings(
  box: SecretBox | undefined,
  given: GivenSettings,
  before: MetricsSourceRow | null,
): Settings {
  const { config, secrets, issues } = apart(given);
  const kept = before?.kind === given.kind ? stillSet(before, secrets) : [];
  if (before && kept.length > 0 && addressesOf(before.config) !== addressesOf(config)) {
    // Else whoever may change the address could have the secrets sent to themselves.
    for (const field of kept)
      issues.push({ path: `secrets.${field}`, message: 'enter it again: the address has changed' });
  }
  requireNoIssues('metrics source', issues);
  const all = {
    ...Object.fromEntries(
      kept.map((field) => [field, opened(secretsOf(box), before?.secrets[field] ?? '', field)]),
    ),
    ...Object.fromEntries(
      Object.entries(secrets).flatMap(([field, value]) => (value === null ? [] : [[field, value]])),
    ),
  };
  const settings = { kind: given.kind, config, secrets: all };
  requireNoIssues('metrics source', shapeIssues(settings));
  return settings;
}

/** Whether a field of the settings is kept secret. */
export function isSecret(field: string): boolean {
  return field.endsWith('Secret');
}

/** @throws AppError `unprocessable` when there is no such kind. */
function shapeIssues({ kind, config, secrets }: Settings): Issue[] {
  const parsed = sourceType(kind).configSchema.safeParse({ ...config, ...secrets });
  return (parsed.error?.issues ?? []).map(({ path, message }) => {
    const field = path.map(String).join('.');
    return { path: `${isSecret(field) ? 'secrets' : 'config'}${field && `.${field}`}`, message };
  });
}

/** Secrets out of the configuration, in which they must not rest. */
function apart({ config, secrets }: GivenSettings): Pick<GivenSettings, 'config' | 'secrets'> & {
  readonly issues: Issue[];
} {
  const issues: Issue[] = Object.keys(secrets)
    .filter((field) => !isSecret(field))
    .map((field) => ({ path: `secrets.${field}`, message: 'is no secret; give it in config' }));
  const plain = Object.entries(config).filter(([field]) => !isSecret(field));
  const moved = Object.entries(config).flatMap(([field, value]) => {
    if (!isSecret(field)) return [];
    if (typeof value === 'string' || value === null) return [[field, value] as const];
    issues.push({ path: `config.${field}`, message: 'must be a text' });
    return [];
  });
  return { config: Object.fromEntries(plain), secrets: { ...Object.fromEntries(moved), ...secrets }, issues };
}

/** Secrets that the source has and about which nothing else is said. */
function stillSet(before: MetricsSourceRow, given: GivenSettings['secrets']): string[] {
  return Object.keys(before.secrets).filter((field) => !Object.hasOwn(given, field));
}

/** Every address in the settings, as one text to compare. */
function addressesOf(config: Readonly<Record<string, unknown>>): string {
  const origins = Object.values(config).flatMap((value) =>
    typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value)
      ? [new URL(value).origin]
      : [],
  );
  return origins.toSorted().join(' ');
}

/** @throws AppError `unprocessable` when the installation's secret is another than it was sealed under. */
function opened(box: SecretBox, sealed: string, field: string): string {
  try {
    return box.open(sealed);
  } catch {
    throw new AppError(
      'unprocessable',
      `The secret "${field}" cannot be read any more: SIGNALBOX_SECRET has changed. Enter it again.`,
    );
  }
}
