import type { FeatureDraft } from '@/components/features/draft.view';
import type { ToggleView } from '@/server/domain/views/toggles';

/** What every part of the editor of a definition is handed. */
export interface EditorPart {
  readonly feature: ToggleView;
  readonly environment: string;
  readonly draft: FeatureDraft;
  readonly put: (draft: FeatureDraft) => void;
  readonly readOnly: boolean;
}
