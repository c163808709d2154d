import { AwsRefusal } from '@/server/providers/aws/client/errors';

/** Whether what was to be changed has been changed, or made, by somebody else since it was read. */
export function isOvertaken(error: unknown): error is AwsRefusal {
  return error instanceof AwsRefusal && /PreconditionFailed|ResourceConflict/.test(error.awsCode);
}

export function isMissing(error: unknown): boolean {
  return error instanceof AwsRefusal && error.code === 'not_found';
}
