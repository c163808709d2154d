import { AppError } from '@/server/domain/errors';
import type { Issue } from '@/server/services/pipelines/validate';

/** @throws AppError `bad_request` that names every issue with its place. */
export function requireNoIssues(what: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw invalid(what, issues);
}

/** The refusal that names every issue with its place. */
export function invalid(what: string, issues: readonly Issue[]): AppError {
  const sentence = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new AppError('bad_request', `The ${what} is not valid. ${sentence}.`, { issues });
}
