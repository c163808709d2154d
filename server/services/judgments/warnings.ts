import { type Message, message } from '@/server/domain/message';
import { healthyIn, unitsOf } from '@/server/domain/units';
import { type EvidenceFacts, isAt, leaderIn } from '@/server/services/judgments/gather';

/** What should make a person hesitate before they say yes. */
export function evidenceWarnings(facts: EvidenceFacts): Message[] {
  const { execution, target, forms } = facts;
  const { artifact, version, digest } = execution;
  if (!artifact || !version || !digest) return [message('evidence.warning.noArtifact')];
  const form = target ? forms.get(target.name) : { name: artifact, version, digest };
  return [
    ...(target && !form
      ? [message('engine.deploy.noForm', { name: target.artifact, version, environment: target.name })]
      : []),
    ...vetoWarning(facts, version),
    ...(form ? pinWarning(facts, form.digest) : []),
    ...earlierEnvironments(facts, version),
    ...(form ? stateNow(facts, form.digest) : []),
    ...staleWarning(facts),
  ];
}

function vetoWarning({ veto }: EvidenceFacts, version: string): Message[] {
  return veto ? [message('evidence.warning.vetoed', { version, by: veto.by, reason: veto.reason })] : [];
}

function pinWarning({ pin }: EvidenceFacts, digest: string): Message[] {
  if (!pin || pin.digest === digest) return [];
  const { cluster, version, by, reason } = pin;
  return [message('evidence.warning.pinned', { cluster, version, by, reason })];
}

/** Environments that come before the target and take the same version should run it, and well. */
function earlierEnvironments(facts: EvidenceFacts, version: string): Message[] {
  const { target, environments, groups, arrivals, forms } = facts;
  if (!target) return [];
  const earlier = environments.filter((place) => place.order < target.order);
  return earlier.flatMap((place) => {
    const digest = forms.get(place.name)?.digest;
    if (!digest) return [];
    const running = groups.filter(
      (group) => isAt(group, place) && group.traffic > 0 && group.artifact.digest === digest,
    );
    const environment = place.name;
    if (running.length === 0) {
      const came = arrivals.some((one) => one.environment === environment && one.digest === digest);
      return came
        ? [message('evidence.warning.notThereNow', { version, environment })]
        : [message('evidence.warning.neverRanBefore', { version, environment, target: target.name })];
    }
    const instances = running.flatMap((group) => unitsOf(group));
    const healthy = instances.filter((instance) => instance.health === 'healthy').length;
    const total = instances.length;
    return healthy < total
      ? [message('evidence.warning.unhealthyElsewhere', { version, environment, healthy, total })]
      : [];
  });
}

function stateNow(facts: EvidenceFacts, digest: string): Message[] {
  return (facts.target?.regions ?? []).flatMap((region) => {
    const leader = leaderIn(facts, region);
    if (!leader) return [];
    const healthy = healthyIn(leader);
    const total = unitsOf(leader).length;
    return [
      ...(leader.artifact.digest === digest
        ? [message('evidence.warning.sameVersion', { region, version: leader.artifact.version })]
        : []),
      ...(healthy < total ? [message('evidence.warning.unhealthyNow', { region, healthy, total })] : []),
    ];
  });
}

function staleWarning({ stale, target }: EvidenceFacts): Message[] {
  return stale && target
    ? [message('evidence.warning.stale', { account: target.account, reason: stale })]
    : [];
}
