import { z } from 'zod';

/** Where a toggle is, or one of its environments. */
export function togglePath(key: string, environment?: string): string {
  const path = `/toggles/${encodeURIComponent(key)}`;
  return environment === undefined ? path : `${path}/environments/${encodeURIComponent(environment)}`;
}

/** What became of a change. */
export const outcomeSchema = z.union([
  z.looseObject({ kind: z.literal('applied'), revision: z.number(), changeId: z.string() }),
  z.looseObject({ kind: z.literal('unchanged') }),
  z.looseObject({ kind: z.literal('requested'), requestId: z.string(), sentence: z.string() }),
]);

/** In words; the id of the change is what `toggle undo` takes. */
export function outcomeWords(what: string, outcome: z.output<typeof outcomeSchema>): string {
  switch (outcome.kind) {
    case 'applied':
      return `${what} (change ${outcome.changeId})`;
    case 'unchanged':
      return `${what} already`;
    case 'requested':
      return `${outcome.sentence} (request ${outcome.requestId})`;
    default:
      return outcome satisfies never;
  }
}
