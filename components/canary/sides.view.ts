import { VERSION_COLOURS, versionColour } from '@/components/status/version.view';
import type { ScopePair } from '@/server/domain/analysis';

export type SideName = 'baseline' | 'canary';

/** Class of each side that sets its colour: its version's, as everywhere. */
export type SideColours = Readonly<Record<SideName, string>>;

/** The greyest of the palette, for a baseline without a colour of its own. */
const GREY = VERSION_COLOURS - 1;
/** For a canary without a version. */
const PLAIN = 0;

/** Never the same for both: they are told apart by dashes too, but not everyone looks for those. */
export function sideColours({ baseline, canary }: ScopePair): SideColours {
  const right = canary.version === undefined ? PLAIN : versionColour(canary.version);
  const left = baseline.version === undefined ? GREY : versionColour(baseline.version);
  const free = left === right ? (right === GREY ? PLAIN : GREY) : left;
  return { baseline: `version-${free}`, canary: `version-${right}` };
}
