import { and, desc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { accounts, executions, pins } from '@/db/schema';
import type { Capabilities } from '@/server/domain/capabilities';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { vetoObjection } from '@/server/engine/clusters/veto';
import type { StageContext } from '@/server/engine/stages/stage';
import type { ProviderManifest } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';
import type { Strategy } from '@/server/strategies/strategy';

type PinnedPlace = { readonly account: string; readonly cluster: string };

const PINNED = 'engine.deploy.pinned';

/** Why this artifact may not go to this environment now, or null when it may. */
export async function admissionObjection(
  db: Database,
  environment: PinnedPlace,
  artifact: ArtifactRef,
  now: Date,
): Promise<Message | null> {
  return (await vetoObjection(db, artifact)) ?? pinObjection(db, environment, artifact, now);
}

/**
 * Why a server group with this artifact may not come into the traffic of a cluster, or null when it may. The
 * rollback of a person is not bound by the pin that it has set: regions may go back to different artifacts.
 */
export async function trafficObjection(
  { execution, services }: StageContext,
  cluster: PinnedPlace,
  artifact: ArtifactRef,
): Promise<Message | null> {
  const objection = await admissionObjection(services.db, cluster, artifact, services.clock.now());
  if (objection?.key !== PINNED) return objection;
  const [row] = await services.db
    .select({ trigger: executions.trigger })
    .from(executions)
    .where(eq(executions.id, execution.id));
  return row?.trigger.kind === 'rollback' ? null : objection;
}

async function pinObjection(
  db: Database,
  { account, cluster }: PinnedPlace,
  artifact: ArtifactRef,
  now: Date,
): Promise<Message | null> {
  const [pin] = await db
    .select()
    .from(pins)
    .where(
      and(
        eq(pins.account, account),
        eq(pins.cluster, cluster),
        ne(pins.digest, artifact.digest),
        isNull(pins.liftedAt),
        or(isNull(pins.expiresAt), gt(pins.expiresAt, now)),
      ),
    )
    .orderBy(desc(pins.id))
    .limit(1);
  if (!pin) return null;
  return message(PINNED, {
    cluster,
    pinned: pin.version,
    version: artifact.version,
    by: pin.by,
    reason: pin.reason,
  });
}

/** What the strategy needs and the account's platform cannot do, or null. */
export async function capabilityObjection(
  db: Database,
  account: string,
  strategy: Strategy,
): Promise<Message | null> {
  const manifest = await platformOf(db, account);
  if (!manifest) return message('engine.deploy.unknownAccount', { account });
  const missing = strategy.needs.find((need: keyof Capabilities) => !manifest.capabilities[need]);
  if (!missing) return null;
  return message('engine.deploy.missingCapability', {
    strategy: strategy.label,
    capability: missing,
    platform: manifest.label,
  });
}

/** Whether server groups of the account have no instances of their own, and so no size. */
export async function isServerless(db: Database, account: string): Promise<boolean> {
  return (await platformOf(db, account))?.capabilities.instances === false;
}

type Platform = Pick<ProviderManifest, 'capabilities' | 'label'>;

async function platformOf(db: Database, account: string): Promise<Platform | undefined> {
  const [row] = await db
    .select({ provider: accounts.provider })
    .from(accounts)
    .where(eq(accounts.name, account));
  return (providers as Readonly<Record<string, Platform>>)[row?.provider ?? ''];
}
