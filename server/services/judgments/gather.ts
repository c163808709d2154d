import { and, asc, eq } from 'drizzle-orm';
import { artifacts, environments, executions, serverGroups, type stages } from '@/db/schema';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { ours } from '@/server/domain/ours';
import type { JudgmentConfig } from '@/server/domain/pipeline';
import type { RampSubject } from '@/server/domain/ramp';
import { isServerlessKind } from '@/server/services/accounts/platforms';
import { activeVetoes, type VetoView } from '@/server/services/artifacts/active-vetoes';
import { readForms } from '@/server/services/artifacts/forms';
import { staleReason } from '@/server/services/board/freshness';
import { type ArrivalRow, readAccounts, readArrivals } from '@/server/services/board/queries';
import { rampSubject } from '@/server/services/executions/rows';
import { gateOf } from '@/server/services/judgments/gate';
import { gatedStages, targetEnvironment } from '@/server/services/judgments/gated';
import { type ActivePin, activePin } from '@/server/services/pins/active';
import { rollbackSeconds } from '@/server/services/rollbacks/duration';
import type { Reader } from '@/server/services/shared/reader';

export type ExecutionRow = typeof executions.$inferSelect;
export type StageRow = typeof stages.$inferSelect;
export type EnvironmentRow = typeof environments.$inferSelect;

/** All that an evidence card is made of. */
export interface EvidenceFacts {
  readonly execution: ExecutionRow;
  readonly stage: StageRow;
  readonly config: JudgmentConfig;
  readonly gated: ReturnType<typeof gatedStages>;
  /** In board order. */
  readonly environments: readonly EnvironmentRow[];
  readonly target: EnvironmentRow | null;
  readonly groups: readonly ServerGroup[];
  /** As it goes to the target. */
  readonly artifact: typeof artifacts.$inferSelect | null;
  /** The version in the form that each environment runs, by environment. */
  readonly forms: ReadonlyMap<string, ArtifactRef>;
  readonly arrivals: readonly ArrivalRow[];
  readonly veto: VetoView | null;
  readonly pin: ActivePin | null;
  /** Why what is known of the target's account may be out of date. */
  readonly stale: string | null;
  /** What runs on the target's platform has no instances. */
  readonly serverless: boolean;
  readonly rollbackSeconds: number;
  /** What is raised where, when it is a ramp that asks. */
  readonly ramp: RampSubject | null;
}

/** Reads them, in one look so that they belong together. */
export async function gatherEvidence(
  db: Reader,
  execution: ExecutionRow,
  stage: StageRow,
): Promise<EvidenceFacts> {
  const { application, artifact, version, digest } = execution;
  const gated = gatedStages(execution.definition, stage.refId);
  const places = await db
    .select()
    .from(environments)
    .where(eq(environments.application, application))
    .orderBy(asc(environments.order), asc(environments.name));
  const target =
    places.find((place) => place.name === targetEnvironment(execution.environment, gated)) ?? null;
  const rows = await db.select().from(serverGroups).where(eq(serverGroups.application, application));
  const groups = ours(rows.map((row) => row.data));
  const delivered = artifact && version && digest ? { name: artifact, version, digest } : null;
  const forms = delivered ? await readForms(db, places, delivered) : new Map<string, ArtifactRef>();
  const form = (target ? forms.get(target.name) : null) ?? delivered;
  const [artifactRow] = form
    ? await db
        .select()
        .from(artifacts)
        .where(and(eq(artifacts.name, form.name), eq(artifacts.version, form.version)))
    : [];
  const accounts = await readAccounts(db);
  const account = accounts.find(({ name }) => name === target?.account);
  return {
    execution,
    stage,
    config: gateOf(stage),
    gated,
    environments: places,
    target,
    groups,
    artifact: artifactRow ?? null,
    forms,
    arrivals: await arrivalsAt(db, execution, places, groups, forms),
    veto: form ? ((await activeVetoes(db, [form.digest])).get(form.digest) ?? null) : null,
    pin: target ? await activePin(db, target) : null,
    stale: target ? staleReason(account) : null,
    serverless: account !== undefined && isServerlessKind(account.provider),
    rollbackSeconds: target
      ? await rollbackSeconds(db, application, target.name)
      : await rollbackSeconds(db, application),
    ramp: await readRamp(db, execution.id),
  };
}

async function readRamp(db: Reader, executionId: string): Promise<RampSubject | null> {
  const [row] = await db.select({ ramp: rampSubject }).from(executions).where(eq(executions.id, executionId));
  return row?.ramp ?? null;
}

/** When what runs in each environment came, and when this artifact last came there. */
async function arrivalsAt(
  db: Reader,
  { application }: ExecutionRow,
  places: readonly EnvironmentRow[],
  groups: readonly ServerGroup[],
  forms: EvidenceFacts['forms'],
): Promise<ArrivalRow[]> {
  const wanted = places.flatMap((place) => {
    const running = groups.filter((group) => isAt(group, place) && group.traffic > 0);
    const form = forms.get(place.name);
    const versions = new Map(
      [...running.map((group) => group.artifact), ...(form ? [form] : [])].map((one) => [
        one.digest,
        one.version,
      ]),
    );
    return [...versions].map(([digest, version]) => ({
      application,
      environment: place.name,
      digest,
      version,
    }));
  });
  return readArrivals(db, wanted);
}

/** Whether a server group belongs to an environment's cluster. */
export function isAt(group: ServerGroup, place: EnvironmentRow): boolean {
  return group.account === place.account && group.cluster === place.cluster;
}

/** What takes most of the traffic in a region of the target; null when nothing does. */
export function leaderIn(facts: EvidenceFacts, region: string): ServerGroup | null {
  const { target, groups } = facts;
  if (!target) return null;
  const here = groups.filter((group) => isAt(group, target) && group.region === region && group.traffic > 0);
  return here.toSorted((a, b) => b.traffic - a.traffic)[0] ?? null;
}
