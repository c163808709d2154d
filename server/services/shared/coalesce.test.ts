import { describe, expect, it } from 'vitest';
import { Coalescer } from '@/server/services/shared/coalesce';

/** Computations that end when told to, numbered in the order in which they began. */
function controlled() {
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const compute = () =>
    new Promise<number>((resolve, reject) => {
      const number = ends.length + 1;
      ends.push({ resolve: () => resolve(number), reject });
    });
  return { ends, compute };
}

describe('Coalescer', () => {
  it('gives those who come during a computation the one after it, shared', async () => {
    const { ends, compute } = controlled();
    const reads = new Coalescer<number>();
    const first = reads.run('board', compute);
    const second = reads.run('board', compute);
    const third = reads.run('board', compute);
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    expect(await first).toBe(1);
    await expect.poll(() => ends.length).toBe(2);
    ends[1]?.resolve();
    expect(await Promise.all([second, third])).toEqual([2, 2]);
  });

  it('begins anew for whoever comes after the end', async () => {
    const { ends, compute } = controlled();
    const reads = new Coalescer<number>();
    for (const expected of [1, 2]) {
      const read = reads.run('board', compute);
      ends[expected - 1]?.resolve();
      expect(await read).toBe(expected);
    }
  });

  it('keeps keys apart, and a failure to those who asked for it', async () => {
    const { ends, compute } = controlled();
    const reads = new Coalescer<number>();
    const failing = reads.run('a', compute);
    const other = reads.run('b', compute);
    const after = reads.run('a', compute);
    ends[0]?.reject(new Error('away'));
    ends[1]?.resolve();
    await expect(failing).rejects.toThrow('away');
    expect(await other).toBe(2);
    await expect.poll(() => ends.length).toBe(3);
    ends[2]?.resolve();
    expect(await after).toBe(3);
  });
});
