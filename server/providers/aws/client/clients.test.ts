import { expect, it } from 'vitest';
import { budgetOf } from '@/server/providers/aws/client/clients';

const role = (account: string, name: string) => ({ roleArn: `arn:aws:iam::${account}:role/${name}` });

it('a budget is that of an AWS account in a region, whichever role asks', () => {
  const one = budgetOf(role('111111111111', 'a'), 'eu-west-1', 'ec2');
  expect(budgetOf(role('111111111111', 'b'), 'eu-west-1', 'ec2')).toBe(one);
  expect(budgetOf(role('222222222222', 'a'), 'eu-west-1', 'ec2')).not.toBe(one);
  expect(budgetOf(role('111111111111', 'a'), 'us-east-1', 'ec2')).not.toBe(one);
  expect(budgetOf(role('111111111111', 'a'), 'eu-west-1', 'elb')).not.toBe(one);
  expect(budgetOf({}, 'eu-west-1', 'ec2')).not.toBe(one);
});
