import type { WaitingGate } from '@/server/domain/views/board';
import type { Evidence, EvidenceChange } from '@/server/domain/views/execution';

/** What the two buttons say; keys in the `gates.decide` namespace with their values. */
export interface DecisionWords {
  readonly continue: { readonly key: 'continueTo' | 'continue'; readonly values: Record<string, string> };
  readonly stop: { readonly key: 'stopAndKeep' | 'stop'; readonly values: Record<string, string> };
}

/** Names the consequence of each answer: where to and with what, and what stays if not. */
export function decisionWords(
  evidence: Pick<Evidence, 'environment' | 'change' | 'artifact'>,
): DecisionWords {
  const to = evidence.change[0]?.to.version ?? evidence.artifact?.version ?? null;
  const kept = keptVersions(evidence.change);
  return {
    continue:
      evidence.environment !== null && to !== null
        ? { key: 'continueTo', values: { environment: evidence.environment, version: to } }
        : { key: 'continue', values: {} },
    stop:
      kept.length > 0
        ? { key: 'stopAndKeep', values: { version: kept.join(', ') } }
        : { key: 'stop', values: {} },
  };
}

/** Versions that stay when the gate is stopped, most regions first. */
export function keptVersions(change: readonly EvidenceChange[]): readonly string[] {
  const regions = new Map<string, number>();
  for (const { from } of change) if (from) regions.set(from.version, (regions.get(from.version) ?? 0) + 1);
  return [...regions].sort((a, b) => b[1] - a[1]).map(([version]) => version);
}

export interface DigestDiff {
  readonly from: string | null;
  readonly to: string;
  readonly same: boolean;
}

/** Length at which two digests can be told apart by eye. */
const SHORT = 12;

export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, SHORT);
}

/** Whether the bytes change at all: the same digest under another name is no new release. */
export function digestDiff(change: EvidenceChange): DigestDiff {
  return {
    from: change.from === null ? null : shortDigest(change.from.digest),
    to: shortDigest(change.to.digest),
    same: change.from?.digest === change.to.digest,
  };
}

/** Gates of one list: mine first, each part longest waiting first. */
export function splitGates(gates: readonly WaitingGate[]): {
  mine: readonly WaitingGate[];
  others: readonly WaitingGate[];
} {
  const byAge = gates.toSorted((a, b) => a.since.localeCompare(b.since));
  return { mine: byAge.filter((gate) => gate.mine), others: byAge.filter((gate) => !gate.mine) };
}

export interface DecisionInput {
  readonly input: string | null;
  readonly offered: readonly string[];
}

/** Whether an answer may be sent: where the pipeline asks for an input, continuing needs one. */
export function missesInput(decision: 'continue' | 'stop', { input, offered }: DecisionInput): boolean {
  return decision === 'continue' && offered.length > 0 && (input === null || !offered.includes(input));
}
