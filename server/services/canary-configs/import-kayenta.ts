import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { KayentaImport } from '@/server/domain/views/canary';
import { findApplication } from '@/server/services/applications/find';
import { requireConfig } from '@/server/services/canary-configs/issues';
import { kayentaNotes } from '@/server/services/canary-configs/kayenta-notes';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const importKayentaInput = z.object({
  application: z.string(),
  /** A canary configuration as Kayenta keeps it. */
  json: z.string().max(1_000_000),
});

/** Reads a canary configuration of Kayenta and says what of it is not known here. Saves nothing. */
export async function importKayenta(
  ctx: ServiceContext,
  { application, json }: z.output<typeof importKayentaInput>,
): Promise<KayentaImport> {
  requirePermission(ctx, 'pipeline.write');
  await findApplication(ctx.db, application);
  const document = parsed(json);
  const config = requireConfig(document);
  return { name: nameFrom(config.name), config, notes: kayentaNotes(config) };
}

/** @throws AppError `bad_request` when it is not JSON, or JSON of something else. */
function parsed(json: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('bad_request', `This is not JSON: ${why}. Give a canary configuration of Kayenta.`);
  }
  if (typeof document === 'object' && document !== null && 'metrics' in document) return document;
  throw new AppError(
    'bad_request',
    'This is no canary configuration of Kayenta: it has no "metrics". Give the JSON of one configuration.',
  );
}

/** What is nearest to it among names that can stand in an address. */
export function nameFrom(title: string): string {
  const name = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'imported' : name;
}
