import { CloudWatchServiceException } from '@aws-sdk/client-cloudwatch';
import { STSServiceException } from '@aws-sdk/client-sts';
import { retryAfterMs, TryAgain } from '@/server/metrics/retry';
import { MetricsError } from '@/server/metrics/source';

type ServiceException = CloudWatchServiceException | STSServiceException;

/** Codes of AWS, with or without "Exception" behind them. Source: common errors in AWS's references. */
const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i;
const NO_ACCESS =
  /AccessDenied|NotAuthorized|Unauthorized|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|Signature|ExpiredToken|InvalidToken|MissingAuthenticationToken|OptInRequired|AuthFailure|RequestExpired/;
const NOT_THERE = /^Unknown$|UnknownOperation|InvalidAction|UnsupportedOperation|NotImplemented/;
const TOO_MUCH = /exceed|too many|too large|maximum (?:number|allowed)/i;

/** What the SDK threw, as the source says it: in the words of AWS, and never with a key. */
export function failureOf(error: unknown, service: string): MetricsError {
  if (error instanceof MetricsError) return error;
  if (error instanceof CloudWatchServiceException || error instanceof STSServiceException)
    return refused(error, service);
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/(?:Credentials|Token)ProviderError$/.test(name)) return noCredentials(error);
  if (name === 'SyntaxError') return new TryAgain(`The answer of ${service} is broken off.`);
  return new MetricsError('access', `This is not ${service}: ${message}. Check the endpoint.`, {
    cause: error,
  });
}

function refused(error: ServiceException, service: string): MetricsError {
  const { name, message, $metadata } = error;
  const status = $metadata.httpStatusCode ?? 0;
  // After a wrong signature AWS repeats the request, key by key, on the lines that follow.
  const said = `${service} says ${name}: ${message.split('\n', 1)[0]}`;
  // Set by the SDK, which then signs with the clock of AWS.
  if ('clockSkewCorrected' in $metadata)
    return new TryAgain(`The clock of this machine is wrong. ${said}`, null, { cause: error });
  if (THROTTLED.test(name) || status === 429 || status === 408) return new TryAgain(said, waitOf(error));
  if (NO_ACCESS.test(name) || status === 401 || status === 403) return new MetricsError('access', said);
  if (status >= 500) return new TryAgain(said, waitOf(error));
  // It cannot be read on from; the next read begins anew.
  if (name === 'InvalidNextToken') return new MetricsError('unavailable', said);
  if (status === 413 || TOO_MUCH.test(message)) return new MetricsError('tooMuch', said);
  if (status === 404 || NOT_THERE.test(name))
    return new MetricsError('access', `This is not ${service}'s API. ${said} Check the endpoint.`);
  return new MetricsError('query', said);
}

function waitOf({ $response }: ServiceException): number | null {
  return retryAfterMs($response?.headers['retry-after']);
}

function noCredentials(cause: unknown): MetricsError {
  return new MetricsError(
    'access',
    'There are no AWS credentials. Give an access key here, or let the machine have some: in the environment, in a profile, or by the role of its instance or container.',
    { cause },
  );
}
