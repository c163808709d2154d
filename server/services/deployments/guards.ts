import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { activePin } from '@/server/services/pins/active';

/** @throws AppError `conflict` when someone forbids the artifact. */
export async function requireNotVetoed(
  tx: Transaction,
  { name, version, digest }: ArtifactRef,
): Promise<void> {
  const veto = (await activeVetoes(tx, [digest])).get(digest);
  if (!veto) return;
  throw new AppError(
    'conflict',
    `${name} ${version} may not be deployed: ${veto.by} vetoed it on ${inWords(veto.at)} ("${veto.reason}"). Lift the veto first, or deploy another version.`,
    { veto },
  );
}

/** @throws AppError `conflict` when the cluster is held at another artifact. */
export async function requireNotPinned(
  tx: Transaction,
  place: { readonly account: string; readonly cluster: string },
  artifact: ArtifactRef,
): Promise<void> {
  const pin = await activePin(tx, place);
  if (!pin || pin.digest === artifact.digest) return;
  const until = pin.expiresAt ? ` until ${inWords(pin.expiresAt)}` : '';
  throw new AppError(
    'conflict',
    `${place.cluster} is pinned to ${pin.version} by ${pin.by}${until} ("${pin.reason}"). Lift the pin first, or wait.`,
    { version: pin.version, by: pin.by, expiresAt: pin.expiresAt },
  );
}

/**
 * The checks of a start, for an execution that is to do something again: its artifact may have been vetoed,
 * or where it goes pinned, since it started.
 * @throws AppError `conflict`.
 */
export async function requireDeliverable(
  tx: Transaction,
  execution: {
    readonly application: string;
    readonly environment: string | null;
    readonly artifact: string | null;
    readonly version: string | null;
    readonly digest: string | null;
  },
): Promise<void> {
  const { application, environment, artifact, version, digest } = execution;
  if (!artifact || !version || !digest) return;
  const delivered = { name: artifact, version, digest };
  await requireNotVetoed(tx, delivered);
  if (environment === null) return;
  const [place] = await tx
    .select()
    .from(environments)
    .where(and(eq(environments.application, application), eq(environments.name, environment)));
  if (place) await requireNotPinned(tx, place, delivered);
}

/** `21 Nov 2026, 05:30 UTC`: refusals are English sentences, whoever reads them. */
function inWords(iso: string): string {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${text.format(new Date(iso))} UTC`;
}
