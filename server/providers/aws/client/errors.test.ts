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

  it('names the endpoint of the account when nobody answers there, and only then', () => {
    const at = 'http://127.0.0.1:1';
    expect(failureOf(new Error('connect ECONNREFUSED 127.0.0.1:1'), 'AssumeRole', at)).toMatchObject({
      code: 'unavailable',
      message: `AWS did not assume role: connect ECONNREFUSED 127.0.0.1:1 (Error). Check that the account's endpoint ${at} is right and can be reached from here.`,
    });
    expect(failureOf(refused('InternalFailure', 'Oh.', 500), 'AssumeRole', at).message).not.toContain(at);
    expect(failureOf(new Error('getaddrinfo ENOTFOUND'), 'AssumeRole').message).not.toContain('endpoint');
  });

  it('says of an endpoint that does not speak as AWS does that it does not, and of an unknown host what to check', () => {
    const at = 'http://127.0.0.1:1';
    const parsed = refused(
      'Error',
      '@aws-sdk XML parse error.\n  Deserialization error: to see the raw',
      200,
    );
    expect(failureOf(parsed, 'DescribeSubnetsCommand', at).message).toBe(
      `AWS did not describe subnets: what answers at the account's endpoint ${at} does not speak AWS's APIs. Name another, or none for AWS itself.`,
    );
    const unknown = new Error('getaddrinfo ENOTFOUND ec2.eu-west-99.amazonaws.com');
    expect(failureOf(unknown, 'DescribeSubnetsCommand').message).toContain('Check that there is a region');
  });

  it('is worth another try when the network or the answer is broken', () => {
    expect(failureOf(new SyntaxError('Unexpected token <'), 'X').retryable).toBe(true);
  });
});
