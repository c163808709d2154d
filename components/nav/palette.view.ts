import type { Board, WaitingGate } from '@/server/domain/views/board';

export type PaletteCommand =
  | { readonly kind: 'go'; readonly href: string }
  | { readonly kind: 'deploy'; readonly application: string; readonly environment: string }
  | {
      readonly kind: 'rollBack';
      readonly application: string;
      readonly cluster: string;
      readonly account: string;
    };

export interface PaletteEntry {
  readonly id: string;
  /** What is searched, in the reader's language, verb included. */
  readonly text: string;
  readonly command: PaletteCommand;
}

export interface PaletteWords {
  readonly deploy: (application: string, environment: string) => string;
  readonly rollBack: (cluster: string) => string;
  readonly judge: (gate: WaitingGate) => string;
}

/** A verb for each thing one may do on the board. */
export function actionEntries(
  board: Board,
  words: PaletteWords,
  may: { readonly deploy: boolean; readonly rollBack: boolean },
): PaletteEntry[] {
  const entries = new Map<string, PaletteEntry>();
  for (const { application, cells } of board.rows) {
    for (const { environment, cluster, account } of cells) {
      const deployId = `deploy ${application} ${environment}`;
      const rollbackId = `rollback ${application} ${account} ${cluster}`;
      if (may.deploy) {
        const command = { kind: 'deploy', application, environment } as const;
        entries.set(deployId, { id: deployId, text: words.deploy(application, environment), command });
      }
      if (may.rollBack) {
        const command = { kind: 'rollBack', application, cluster, account } as const;
        entries.set(rollbackId, { id: rollbackId, text: words.rollBack(cluster), command });
      }
    }
  }
  return [...entries.values()];
}

/** Pipelines by their name, and by that of their application. */
export function pipelineEntries(
  pipelines: readonly { readonly application: string; readonly name: string }[],
): PaletteEntry[] {
  return pipelines.map(({ application, name }) => ({
    id: `pipeline ${application} ${name}`,
    text: `${name} · ${application}`,
    command: {
      kind: 'go',
      href: `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}`,
    },
  }));
}

/** Features by name and key; whoever may is offered to turn one off, which is asked again on its page. */
export function featureEntries(
  features: readonly { readonly key: string; readonly name: string; readonly isOn: boolean }[],
  kill: ((name: string) => string) | null,
): PaletteEntry[] {
  return features.flatMap(({ key, name, isOn }): PaletteEntry[] => {
    const href = `/features/${encodeURIComponent(key)}`;
    const open = { id: `feature ${key}`, text: `${name} · ${key}`, command: { kind: 'go', href } } as const;
    if (!kill || !isOn) return [open];
    const off = { kind: 'go', href: `${href}?kill=true` } as const;
    return [open, { id: `kill ${key}`, text: kill(name), command: off }];
  });
}

/** What waits, as something to go and judge; never judged from here without its evidence. */
export function waitingEntries(gates: readonly WaitingGate[], words: PaletteWords): PaletteEntry[] {
  return gates.map((gate) => ({
    id: `judge ${gate.executionId} ${gate.refId}`,
    text: words.judge(gate),
    command: { kind: 'go', href: `/executions/${gate.executionId}?stage=${encodeURIComponent(gate.refId)}` },
  }));
}

/**
 * Entries in which every word of the search occurs; those that begin with the first word come first,
 * shorter before longer, else in the given order.
 */
export function findEntries(entries: readonly PaletteEntry[], search: string, limit: number): PaletteEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries.slice(0, limit);
  const hits = entries.flatMap((entry) => {
    const text = entry.text.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    return [{ entry, rank: (text.startsWith(words[0] ?? '') ? 0 : 1_000) + Math.min(999, text.length) }];
  });
  return hits
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ entry }) => entry);
}
