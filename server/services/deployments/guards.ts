import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { DeployObjection } from '@/server/domain/views/deployment';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { activePin, pinView } from '@/server/services/pins/active';
import type { Reader } from '@/server/services/shared/reader';

type Vetoed = Extract<DeployObjection, { kind: 'vetoed' }>;
type Pinned = Extract<DeployObjection, { kind: 'pinned' }>;

/** Where an artifact would go. */
export interface Held {
  readonly name: string;
  readonly account: string;
  readonly cluster: string;
}

/** That someone forbids the artifact. */
export async function vetoOf(
  db: Reader,
  { name: artifact, version, digest }: ArtifactRef,
): Promise<Vetoed | null> {
  const veto = (await activeVetoes(db, [digest])).get(digest);
  return veto ? { kind: 'vetoed', artifact, version, veto } : null;
}

/** That the cluster is held at another artifact. */
export async function pinAgainst(
  db: Reader,
  { name: environment, account, cluster }: Held,
  artifact: ArtifactRef,
): Promise<Pinned | null> {
  const pin = await activePin(db, { account, cluster });
  if (!pin || pin.digest === artifact.digest) return null;
  return { kind: 'pinned', environment, account, cluster, pin: pinView(pin) };
}

/** What is said to those who start it nevertheless. */
export function vetoRefusal({ artifact, version, veto }: Vetoed): AppError {
  return new AppError(
    'conflict',
    `${artifact} ${version} may not be deployed: ${veto.by} vetoed it on ${inWords(veto.at)} ("${veto.reason}"). Lift the veto first, or deploy another version.`,
    { veto },
  );
}

/** What is said to those who start it nevertheless. */
export function pinRefusal({ cluster, pin: { version, by, reason, expiresAt } }: Pinned): AppError {
  const until = expiresAt ? ` until ${inWords(expiresAt)}` : '';
  return new AppError(
    'conflict',
    `${cluster} is pinned to ${version} by ${by}${until} ("${reason}"). Lift the pin first, or wait.`,
    { version, by, expiresAt },
  );
}

/** @throws AppError `conflict` when the cluster is held at another artifact. */
export async function requireNotPinned(tx: Transaction, place: Held, artifact: ArtifactRef): Promise<void> {
  const pinned = await pinAgainst(tx, place, artifact);
  if (pinned) throw pinRefusal(pinned);
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
  const vetoed = await vetoOf(tx, delivered);
  if (vetoed) throw vetoRefusal(vetoed);
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
