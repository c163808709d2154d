/** The closed set of ways the platform refuses a request, each with its HTTP status. */
export const CLOUD_ERROR_STATUS = {
  invalid: 400,
  unauthorized: 401,
  not_found: 404,
  conflict: 409,
  fenced: 409,
  too_large: 413,
  internal: 500,
  unavailable: 503,
} as const;

export type CloudErrorCode = keyof typeof CLOUD_ERROR_STATUS;

/** A refusal that the caller is told about; `message` is one sentence for a person. */
export class CloudError extends Error {
  constructor(
    readonly code: CloudErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'CloudError';
  }
}

/** A reason not to start, printed as one sentence without a stack trace. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartupError';
  }
}

/** The `code` of a Node system error, null for anything else. */
export function systemErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
