import { expect, it } from 'vitest';
import { type Declared, declared } from '@/server/providers/contract-fixture';
import type { Bench } from '@/server/providers/contract-support';

/** What a platform that lets people look closer must keep to: checks, logs, previews. */
export function looksContract(bench: () => Bench, { shows }: Declared): void {
  if (shows.includes('check')) itChecks(bench);
  if (shows.includes('logs')) itReadsLogs(bench);
  if (shows.includes('previews')) itPreviews(bench);
}

function itChecks(bench: () => Bench): void {
  it('says of itself whether all that the account is for can be done', async () => {
    const { provider } = bench();
    const check = declared(provider.check, 'check');
    const { ok, facts, problems } = await check.call(provider);
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    expect(facts.length).toBeGreaterThan(0);
  });
}

function itReadsLogs(bench: () => Bench): void {
  it('hands out the last lines of an instance, never more than asked for', async () => {
    const { provider, region, spec, create } = bench();
    const readLog = declared(provider.readLog, 'readLog');
    const group = await create(spec(0));
    const ref = { region, name: group.name };
    const id = group.instances[0]?.id ?? '';
    const read = (lines: number) => readLog.call(provider, ref, id, lines);
    expect((await read(1)).split('\n').filter(Boolean).length).toBeLessThanOrEqual(1);
    expect(typeof (await read(200))).toBe('string');
    await expect(readLog.call(provider, ref, 'nothing', 1)).rejects.toMatchObject({ code: 'not_found' });
  });
}

function itPreviews(bench: () => Bench): void {
  it('previews a server group without making it and without a value of its configuration', async () => {
    const { provider, ref, spec, create } = bench();
    const wanted = spec(0, { config: { PASSWORD: 'hunter2-of-the-contract' } });
    const preview = declared(provider.previewServerGroup, 'previewServerGroup');
    const changes = await preview.call(provider, wanted);
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toContain('hunter2-of-the-contract');
    expect(await provider.describeCluster(ref)).toEqual([]);
    await create(wanted);
  });
}
