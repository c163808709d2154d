import type { z } from 'zod';
import { providers } from '@/server/providers/registry';
import { findManifest } from '@/server/services/accounts/load-provider';
import type { Issue } from '@/server/services/pipelines/validate';

/** What is wrong with the settings of an account, by the schema of its own platform. */
export function accountIssues(provider: string, config: Readonly<Record<string, unknown>>): Issue[] {
  const manifest = findManifest(provider);
  if (!manifest) {
    const known = Object.keys(providers).join(', ');
    return [{ path: 'provider', message: `"${provider}" is not a provider; there are ${known}` }];
  }
  const issues = manifest.configSchema.safeParse(config, { error: missing }).error?.issues ?? [];
  return issues.map((issue) => ({
    path: ['config', ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
}

/** In the words of whoever writes settings; null leaves the schema's own. */
function missing(issue: z.core.$ZodRawIssue): string | null {
  return issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : null;
}
