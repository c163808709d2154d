import type { ImportTarget } from '@/server/interchange/spinnaker/context';
import type { Source } from '@/server/interchange/spinnaker/source';
import type { Texts } from '@/server/interchange/spinnaker/texts';

export interface StageInput {
  /** Of the stage; what all stages have in common has been read already. */
  readonly source: Source;
  readonly target: ImportTarget;
  readonly texts: Texts;
  /** refId here of a stage there, by name or refId. */
  readonly stage: (nameOrRefId: string) => string | undefined;
  /** `stageTimeoutMs` in seconds. */
  readonly timeoutSeconds: number | undefined;
}

/** What takes the place of a stage. Several stand beside each other. */
export interface Part {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Where it is one of several. */
  readonly name?: string;
  /** The stage's time limit is in the configuration. */
  readonly keepsTime?: boolean;
}

/** @throws Unmappable when there is nothing here that does the same; a person is then asked to do it. */
export type Handler = (input: StageInput) => readonly Part[];
