import type { Capabilities } from '@/server/domain/capabilities';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Provider } from '@/server/providers/provider';

/**
 * What a platform can do and what its fixture can show, said before any test is made: a test that does not apply
 * is not made at all, and where the contract demands a refusal instead, that is tested.
 */
export interface Declared {
  readonly capabilities: Capabilities;
  readonly shows: readonly Shown[];
}

/** - `artifacts`: the platform keeps artifacts itself, and the fixture has `publishable`
 * - `commands`: jobs and bakes run the fixture's `commands`
 * - `requests`: load balancers really route the fixture's `request`
 * - `weights`: requests follow weights exactly, however few the instances are
 * - `check`, `logs`, `previews`: the provider has `check`, `readLog`, `previewServerGroup`
 */
export type Shown = 'artifacts' | 'commands' | 'requests' | 'weights' | 'check' | 'logs' | 'previews';

export interface ProviderFixture {
  readonly provider: Provider;
  readonly account: string;
  readonly region: string;
  /** Two artifacts that start and become healthy. */
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
  /** The bytes of one under a label not used yet, and others. */
  readonly publishable?: { readonly name: string; readonly tgz: Uint8Array; readonly otherTgz: Uint8Array };
  /** Commands that work within `artifacts`. */
  readonly commands?: JobCommands;
  /** Sends a request to a load balancer's address. */
  readonly request?: SendRequest;
  stop(): Promise<void>;
}

/** `servedBy` is the server group that answered. */
export type SendRequest = (url: string) => Promise<{ ok: boolean; servedBy: string | null }>;

export interface JobCommands {
  /** Ends at once, with `{"greeting": <the variable GREETING>}` as its last line of output. */
  readonly succeeds: readonly string[];
  /** Ends with code 3 and says `out of cheese`. */
  readonly fails: readonly string[];
  /** Runs until it is stopped. */
  readonly endless: readonly string[];
  /** For a bake: changes what an artifact holds without breaking it; the text makes the difference. */
  changes(text: string): readonly string[];
}

/** A part that is there because it was declared. @throws Error when it is not. */
export function declared<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`${name} was declared and is not there`);
  return part;
}
