import { expect, it } from 'vitest';
import { AccessList, isCidr } from '@/server/local-cloud/balancer/access';
import type { FirewallRecord } from '@/server/local-cloud/state';

const rule = (source: string, fromPort = 0, toPort = 65_535, protocol: 'tcp' | 'udp' = 'tcp') => ({
  source,
  fromPort,
  toPort,
  protocol,
});
const firewall = (...rules: FirewallRecord['rules']) => ({
  region: 'eu',
  name: 'f',
  application: 'a',
  rules,
});

it('lets in this machine only when there is no firewall', () => {
  const access = new AccessList([], 8080);
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((address) => access.admits(address))).toEqual([
    true,
    true,
    true,
  ]);
  expect(access.admits('10.0.0.1')).toBe(false);
  expect(access.admits(undefined)).toBe(false);
});

it('lets in what the rules for its port allow, and nobody else', () => {
  const access = new AccessList([firewall(rule('10.1.0.0/16'), rule('fd00::/8'), rule('192.168.0.7'))], 8080);
  expect(access.admits('10.1.200.3')).toBe(true);
  expect(access.admits('fd12::1')).toBe(true);
  expect(access.admits('192.168.0.7')).toBe(true);
  expect(access.admits('192.168.0.8')).toBe(false);
  expect(access.admits('127.0.0.1')).toBe(false);
});

it('ignores rules for other ports and protocols', () => {
  const access = new AccessList(
    [firewall(rule('10.0.0.0/8', 1, 80), rule('10.0.0.0/8', 0, 9999, 'udp'))],
    8080,
  );
  expect(access.admits('10.0.0.1')).toBe(false);
});

it('tells a CIDR block from anything else', () => {
  expect(['10.0.0.0/8', '1.2.3.4', '::/0', '0.0.0.0/0'].every(isCidr)).toBe(true);
  expect(['10.0.0.0/33', 'localhost', '300.1.1.1', '', '10.0.0.0/'].some(isCidr)).toBe(false);
});
