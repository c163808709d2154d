import { describe, expect, it } from 'vitest';
import { failureOf } from '@/server/providers/aws/client/errors';

function refused(name: string, message: string, status = 400) {
  return Object.assign(new Error(message), {
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });
}

describe('what AWS refuses', () => {
  it.each([
    ['Throttling', 'Rate exceeded', 400, 'rate_limited'],
    ['RequestLimitExceeded', 'Request limit exceeded.', 503, 'rate_limited'],
    ['UnauthorizedOperation', 'You are not authorized', 403, 'unauthorized'],
    ['TargetGroupNotFound', 'One or more target groups not found', 400, 'not_found'],
    ['ValidationError', 'AutoScalingGroup name not found - null', 400, 'not_found'],
    ['ValidationError', 'Max bound must be greater than min', 400, 'invalid'],
    ['AlreadyExists', 'A group by this name already exists', 400, 'conflict'],
    ['InternalFailure', 'An internal error occurred', 500, 'unavailable'],
  ])('with %s (%s) is %4$s', (name, message, status, code) => {
    expect(failureOf(refused(name, message, status), 'CreateAutoScalingGroupCommand')).toMatchObject({
      code,
      message: `AWS did not create auto scaling group: ${message} (${name})`,
    });
  });

  it('is worth another try when the network or the answer is broken', () => {
    expect(failureOf(new SyntaxError('Unexpected token <'), 'X').retryable).toBe(true);
  });
});
