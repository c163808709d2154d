import { z } from 'zod';
import { type Message, message } from '@/server/domain/message';
import { unitsOf } from '@/server/domain/units';
import type { Evidence, EvidenceChange } from '@/server/domain/views/execution';
import { type EvidenceFacts, isAt, leaderIn } from '@/server/services/judgments/gather';
import { rampEvidence } from '@/server/services/judgments/ramp-evidence';
import { evidenceWarnings } from '@/server/services/judgments/warnings';
import { iso } from '@/server/services/shared/sql';

/** The part of an evidence card that does not depend on who looks at it; this is what a decision freezes. */
export type FrozenEvidence = Omit<Evidence, 'judgment' | 'mayDecide' | 'mayNotReason'>;

/** Makes the card of what was gathered. */
export function composeEvidence(facts: EvidenceFacts): FrozenEvidence {
  const { execution, stage, config, artifact, target, ramp } = facts;
  const card: FrozenEvidence = {
    executionId: execution.id,
    refId: stage.refId,
    application: execution.application,
    pipeline: execution.pipeline,
    stageName: stage.name,
    environment: target?.name ?? execution.environment,
    instructions: config.instructions,
    inputs: config.inputs,
    roles: config.roles,
    since: iso(stage.startedAt ?? execution.createdAt),
    expiresAt: stage.waiting?.until ?? null,
    requestedBy: execution.trigger.by,
    change: changes(facts),
    artifact: artifact && {
      name: artifact.name,
      version: artifact.version,
      digest: artifact.digest,
      createdAt: iso(artifact.createdAt),
      metadata: artifact.metadata,
    },
    elsewhere: elsewhere(facts),
    warnings: evidenceWarnings(facts),
    onContinue: onContinue(facts),
    onStop: onStop(facts),
    rollbackSeconds: facts.rollbackSeconds,
    ramp,
  };
  return ramp ? { ...card, ...rampEvidence(ramp, facts) } : card;
}

function changes(facts: EvidenceFacts): EvidenceChange[] {
  const { target, forms } = facts;
  const form = target && forms.get(target.name);
  if (!target || !form) return [];
  const { version, digest } = form;
  return target.regions.map((region) => {
    const leader = leaderIn(facts, region);
    const since = leader && (arrival(facts, target.name, leader.artifact.digest) ?? leader.createdAt);
    return {
      region,
      from: leader && { version: leader.artifact.version, digest: leader.artifact.digest, since },
      to: { version, digest },
      instances: facts.serverless ? null : target.capacity.desired,
    };
  });
}

function elsewhere(facts: EvidenceFacts): Evidence['elsewhere'] {
  return facts.environments.flatMap((place) => {
    const digest = facts.forms.get(place.name)?.digest;
    if (place === facts.target) return [];
    const running = facts.groups.filter(
      (group) => isAt(group, place) && group.traffic > 0 && group.artifact.digest === digest,
    );
    const first = running.map((group) => group.createdAt).toSorted()[0];
    if (!digest || !first) return [];
    const instances = running.flatMap((group) => unitsOf(group));
    return [
      {
        environment: place.name,
        since: arrival(facts, place.name, digest) ?? first,
        healthy: instances.filter((instance) => instance.health === 'healthy').length,
        total: instances.length,
      },
    ];
  });
}

function arrival(facts: EvidenceFacts, environment: string, digest: string): string | null {
  return facts.arrivals.find((one) => one.environment === environment && one.digest === digest)?.at ?? null;
}

function onContinue(facts: EvidenceFacts): Message[] {
  const next = facts.gated.filter((one) => one.next);
  if (next.length === 0) return [message('evidence.continue.end')];
  const later = facts.gated.filter((one) => !one.next && one.environment !== null);
  return [...next, ...later].flatMap(({ stage, environment, next: atOnce }) => {
    const place = facts.environments.find((one) => one.name === environment);
    const { version } = facts.execution;
    if (!place || !version) return [message('evidence.continue.stage', { stage: stage.name })];
    const regions = place.regions.join(', ');
    const deploy = message(`evidence.continue.${atOnce ? 'deploy' : 'deployLater'}`, {
      stage: stage.name,
      version,
      environment: place.name,
      regions,
    });
    const current = place === facts.target ? currentVersion(facts) : null;
    return current ? [deploy, beside(stage.config, version, current)] : [deploy];
  });
}

const canarySchema = z.object({
  strategy: z.literal('automatedcanary'),
  options: z.object({
    config: z.string(),
    weight: z.number().default(10),
    lifetimeSeconds: z.number().default(1_800),
  }),
});

/** How the new version meets the one that serves. */
function beside(config: unknown, version: string, current: string): Message {
  const canary = canarySchema.safeParse(config).data?.options;
  if (!canary) return message('evidence.continue.deployBehind', { version, current });
  const { lifetimeSeconds: seconds, ...values } = canary;
  return message('evidence.continue.canary', { version, current, seconds, ...values });
}

function onStop(facts: EvidenceFacts): Message[] {
  const ends = message('evidence.stop.ends');
  if (!facts.target) return [ends];
  const environment = facts.target.name;
  const version = currentVersion(facts);
  return [
    ends,
    version
      ? message('evidence.stop.keeps', { environment, version })
      : message('evidence.stop.unchanged', { environment }),
  ];
}

/** Every version that takes traffic in the target now. */
function currentVersion(facts: EvidenceFacts): string | null {
  const versions = (facts.target?.regions ?? []).flatMap(
    (region) => leaderIn(facts, region)?.artifact.version ?? [],
  );
  return versions.length > 0 ? [...new Set(versions)].join(', ') : null;
}
