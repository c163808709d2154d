import { ProviderError, type ProviderErrorCode } from '@/server/providers/provider';

/** A refusal of AWS, with its own code where the sentence is not enough. */
export class AwsRefusal extends ProviderError {
  constructor(
    code: ProviderErrorCode,
    /** Such as `AlreadyExistsFault`: the SDK's name, which may be longer than AWS's own. */
    readonly awsCode: string,
    message: string,
  ) {
    super(code, message);
  }
}

/** Codes of AWS, first match. Source: the error lists in AWS's API references. */
const CODES: readonly [RegExp, ProviderErrorCode][] = [
  [/throttl|RequestLimitExceeded|TooManyRequests|SlowDown|BandwidthLimit/i, 'rate_limited'],
  [
    /AccessDenied|NotAuthorized|Unauthorized|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|Signature|ExpiredToken|AuthFailure|OptInRequired|RequestExpired|CredentialsProviderError|TokenProviderError/,
    'unauthorized',
  ],
  [/NotFound|NoSuch|Unknown$/, 'not_found'],
  [
    /AlreadyExists|AlreadyInUse|Conflict|PreconditionFailed|Duplicate|InUse|Contention|InProgress|DependencyViolation|IncorrectState|IncorrectInstanceState|LimitExceeded|TooMany|Insufficient|OperationNotPermitted/,
    'conflict',
  ],
];

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * What the SDK threw, as an error of the contract in words that say what was asked.
 * @param endpoint where it was asked, when the account says so.
 */
export function failureOf(error: unknown, asked: string, endpoint?: string): ProviderError {
  if (error instanceof ProviderError) return error;
  const { name, message, $metadata, $fault }: SdkError =
    error instanceof Error ? error : { name: 'Error', message: String(error) };
  const status = $metadata?.httpStatusCode ?? 0;
  // After a wrong signature AWS repeats the request on the lines that follow.
  const said = message.split('\n', 1)[0] ?? '';
  const sentence = `AWS did not ${wordsOf(asked)}: ${said} (${name})`;
  if (endpoint !== undefined && (name === 'SyntaxError' || /parse error|Deserialization error/i.test(said)))
    return new AwsRefusal(
      'unavailable',
      name,
      `AWS did not ${wordsOf(asked)}: what answers at the account's endpoint ${endpoint} does not speak AWS's APIs. Name another, or none for AWS itself.`,
    );
  // Auto Scaling has one code for most of what it refuses.
  if (name === 'ValidationError' && /not found|does not exist/i.test(said))
    return new AwsRefusal('not_found', name, sentence);
  const known = CODES.find(([code]) => code.test(name))?.[1];
  if (known && (status < 500 || known === 'rate_limited')) return new AwsRefusal(known, name, sentence);
  if ($fault === 'client' || (status >= 400 && status < 500))
    return new AwsRefusal('invalid', name, sentence);
  if (endpoint === undefined && /ENOTFOUND/.test(said))
    return new AwsRefusal('unavailable', name, `${sentence}. Check that there is a region of that name.`);
  if (status > 0 || endpoint === undefined) return new AwsRefusal('unavailable', name, sentence);
  // Nothing that speaks HTTP as AWS does: the SDK's own words name an address at best.
  const hint = `Check that the account's endpoint ${endpoint} is right and can be reached from here.`;
  return new AwsRefusal('unavailable', name, `${sentence}. ${hint}`);
}

/** `CreateAutoScalingGroupCommand` as `create auto scaling group`. */
function wordsOf(command: string): string {
  return command
    .replace(/Command$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
