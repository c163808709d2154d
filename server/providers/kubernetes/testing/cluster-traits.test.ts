import { describe, expect, it } from 'vitest';
import {
  imageOf,
  named,
  PLAYED,
  reportOf,
  SIMULATED,
} from '@/server/providers/kubernetes/testing/cluster-traits';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

describe('the images that real nodes run', () => {
  it.each(['shop', 'team/shop', 'registry.test:5000/team/shop'])('are two versions of %s', (name) => {
    const workload = named(`${name}:1.0@${digest('a')} ${name}:1.1@${digest('b')}\n`);
    expect(workload).toEqual({
      artifacts: [
        { name, version: '1.0', digest: digest('a') },
        { name, version: '1.1', digest: digest('b') },
      ],
    });
    expect(workload && imageOf(workload)).toBe(`${name}:1.0@${digest('a')}`);
  });

  it('may be named by nobody', () => {
    expect(named(' ')).toBeNull();
  });

  it.each([
    ['only one', `shop:1@${digest('a')}`],
    ['three', ['a', 'b', 'c'].map((digit) => `shop:1@${digest(digit)}`).join(' ')],
    ['two of different names', `shop:1@${digest('a')} cart:1@${digest('b')}`],
    ['the same twice', `shop:1@${digest('a')} shop:2@${digest('a')}`],
    ['without a digest', 'shop:1 shop:2'],
    ['without a version', `shop@${digest('a')} shop@${digest('b')}`],
  ])('are refused in words when there are %s', (_, images) => {
    expect(() => named(images)).toThrow(/SIGNALBOX_TEST_IMAGES names two versions of one image/);
  });
});

describe('what is told of a cluster that was given', () => {
  it('names what is not tested on it, and nothing that is', () => {
    const all = reportOf(SIMULATED, '/bin').join('\n');
    expect(all).toContain('played nodes, and pods do as the tests say');
    expect(all).not.toContain('HTTPRoute');
    const real = reportOf(
      { ...SIMULATED, nodes: 'real', simulated: false, workload: null, routes: false },
      '',
    );
    expect(real.join('\n')).toMatch(/SIGNALBOX_TEST_IMAGES[^]*HTTPRoute[^]*No API server is killed/);
    const quiet = reportOf({ ...SIMULATED, workload: PLAYED, runs: false }, '/bin').join('\n');
    expect(quiet).toContain('No jobs and no logs');
  });
});
