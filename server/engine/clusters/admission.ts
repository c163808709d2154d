import { and, desc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { accounts, pins } from '@/db/schema';
import type { Capabilities } from '@/server/domain/capabilities';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { EnvironmentRow } from '@/server/engine/clusters/environment';
import { vetoObjection } from '@/server/engine/clusters/veto';
import type { ProviderManifest } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';
import type { Strategy } from '@/server/strategies/strategy';

/** Why this artifact may not go to this environment now, or null when it may. */
export async function admissionObjection(
  db: Database,
  environment: EnvironmentRow,
  artifact: ArtifactRef,
  now: Date,
): Promise<Message | null> {
  const veto = await vetoObjection(db, artifact);
  if (veto) return veto;
  const [pin] = await db
    .select()
    .from(pins)
    .where(
      and(
        eq(pins.account, environment.account),
        eq(pins.cluster, environment.cluster),
        ne(pins.digest, artifact.digest),
        isNull(pins.liftedAt),
        or(isNull(pins.expiresAt), gt(pins.expiresAt, now)),
      ),
    )
    .orderBy(desc(pins.id))
    .limit(1);
  if (!pin) return null;
  const { cluster } = environment;
  return message('engine.deploy.pinned', {
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
  const [row] = await db.select().from(accounts).where(eq(accounts.name, account));
  const manifest = (providers as Readonly<Record<string, Pick<ProviderManifest, 'capabilities' | 'label'>>>)[
    row?.provider ?? ''
  ];
  if (!row || !manifest) return message('engine.deploy.unknownAccount', { account });
  const missing = strategy.needs.find((need: keyof Capabilities) => !manifest.capabilities[need]);
  if (!missing) return null;
  return message('engine.deploy.missingCapability', {
    strategy: strategy.label,
    capability: missing,
    platform: manifest.label,
  });
}
