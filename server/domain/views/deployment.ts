import type { PinView } from '@/server/domain/views/board';

/** Why a deploy would be refused if it started now. */
export type DeployObjection =
  | {
      readonly kind: 'vetoed';
      readonly artifact: string;
      readonly version: string;
      readonly veto: { readonly reason: string; readonly by: string; readonly at: string };
    }
  | {
      readonly kind: 'pinned';
      readonly environment: string;
      readonly account: string;
      readonly cluster: string;
      readonly pin: PinView;
    }
  | {
      /** The version is not there in the form that the environment runs. */
      readonly kind: 'missing';
      readonly environment: string;
      readonly artifact: string;
      readonly version: string;
      /** Pipelines of the application that bake it. */
      readonly bakedBy: readonly string[];
    }
  | {
      /** The pipeline itself does not start, for a reason in English. */
      readonly kind: 'pipeline';
      readonly pipeline: string;
      readonly why: string;
    };
