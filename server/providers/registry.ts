import { awsProvider } from '@/server/providers/aws/manifest';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { lambdaProvider } from '@/server/providers/lambda/manifest';
import { localProvider } from '@/server/providers/local/manifest';
import type { ProviderManifest } from '@/server/providers/provider';

/** Every platform Signalbox can deploy to: one line each. Forms, validation and the catalogue page read this. */
export const providers = {
  local: localProvider,
  aws: awsProvider,
  kubernetes: kubernetesProvider,
  lambda: lambdaProvider,
} as const satisfies Record<string, ProviderManifest>;

export type ProviderKind = keyof typeof providers;
