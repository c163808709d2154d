import { expect, it } from 'vitest';
import type { Bench } from '@/server/providers/contract.suite';

/** What a platform that lets people look closer must keep to: checks, logs, previews. */
export function looksContract(bench: () => Bench): void {
  it('says of itself whether all that the account is for can be done', async (context) => {
    const { provider } = bench();
    if (!provider.check) return context.skip('the platform has no check');
    const { ok, facts, problems } = await provider.check();
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    expect(facts.length).toBeGreaterThan(0);
  });

  it('hands out the last lines of an instance, never more than asked for', async (context) => {
    const { provider, region, spec, create } = bench();
    const { readLog } = provider;
    if (!readLog) return context.skip('the platform keeps no logs');
    const group = await create(spec(0));
    const ref = { region, name: group.name };
    const id = group.instances[0]?.id ?? '';
    const read = (lines: number) => readLog.call(provider, ref, id, lines);
    expect((await read(1)).split('\n').filter(Boolean).length).toBeLessThanOrEqual(1);
    expect(typeof (await read(200))).toBe('string');
    await expect(readLog.call(provider, ref, 'nothing', 1)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('previews a server group without making it and without a value of its configuration', async (context) => {
    const { provider, ref, spec, create } = bench();
    if (!provider.previewServerGroup) return context.skip('the platform has no previews');
    const wanted = spec(0, { config: { PASSWORD: 'hunter2-of-the-contract' } });
    const changes = await provider.previewServerGroup(wanted);
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toContain('hunter2-of-the-contract');
    expect(await provider.describeCluster(ref)).toEqual([]);
    await create(wanted);
  });
}
