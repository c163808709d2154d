import { expect, it } from 'vitest';
import { awsConfigSchema } from '@/server/providers/aws/config';

function problemsWith(endpoint: string): (string | undefined)[] {
  const regions = [{ region: 'eu-west-1', subnets: ['subnet-1'] }];
  const { error } = awsConfigSchema.safeParse({ regions, endpoint });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

it.each(['http://user:secret@aws.example', 'https://user@aws.example', 'http://:secret@aws.example:4566/x'])(
  'no key stands in the endpoint of an account: %s',
  (endpoint) => {
    const problems = problemsWith(endpoint);
    expect(problems).toEqual(['endpoint: must not contain a user name or a password']);
  },
);

it('an endpoint is an address that is spoken to by HTTP', () => {
  expect(problemsWith('http://127.0.0.1:4566')).toEqual([]);
  expect(problemsWith('no address')).toEqual(['endpoint: Invalid URL']);
  expect(problemsWith('ftp://aws.example')).toEqual(['endpoint: Invalid URL']);
});
