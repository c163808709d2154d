import type { Transaction } from '@/db/client';
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
    `${name} ${version} may not be deployed: ${veto.by} vetoed it at ${veto.at} ("${veto.reason}"). Lift the veto first, or deploy another version.`,
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
  const until = pin.expiresAt ? ` until ${pin.expiresAt}` : '';
  throw new AppError(
    'conflict',
    `${place.cluster} is pinned to ${pin.version} by ${pin.by}${until} ("${pin.reason}"). Lift the pin first, or wait.`,
    { version: pin.version, by: pin.by, expiresAt: pin.expiresAt },
  );
}
