import { expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '@/server/providers/kubernetes/client/connect';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { describeWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { startRecorder } from '@/server/providers/kubernetes/testing/recorder';
import { reflect } from '@/server/providers/kubernetes/watch/reflector';
import { Store } from '@/server/providers/kubernetes/watch/store';

const { binaries } = testCluster();
const SOON = { timeout: 30_000, interval: 50 };
/** The API server sends a bookmark two seconds before it ends a watch, else about every minute. */
const WATCH_SECONDS = 4;
const CHANGES = 20;

describeWhere(binaries)('a watch of what is quiet', { timeout: 120_000 }, () => {
  it('goes on from its last bookmark, after changes elsewhere and a compaction, and lists only once', async () => {
    const plane = await startControlPlane({ binaries });
    onTestFinished(() => plane.stop());
    const { rest } = plane;
    const [here, elsewhere] = [await makeNamespace(rest), await makeNamespace(rest)].map(({ name }) => name);
    const at = (namespace = '') => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
    const make = (namespace: string | undefined, name: string) =>
      rest.must('POST', at(namespace), { metadata: { name }, spec: { podSelector: {} } });
    const quiet = await make(here, 'quiet');

    const rewrite = (url: string) => url.replace(/timeoutSeconds=\d+/, `timeoutSeconds=${WATCH_SECONDS}`);
    const recorder = await startRecorder(plane.kubeconfig, { rewrite });
    onTestFinished(() => recorder.stop());
    const asked = recorder.answers;
    const watches = () => asked.filter(({ url }) => url.includes('watch=true'));
    const versions = () =>
      watches().map(({ url }) => Number(new URL(url, 'http://here').searchParams.get('resourceVersion')));

    const leaving = new AbortController();
    const store = new Store('test');
    const nothing = () => undefined;
    const reflecting = reflect(
      {
        api: connect({ kubeconfig: recorder.kubeconfig }),
        store,
        kind: 'NetworkPolicy',
        where: { namespace: here },
        namespaces: new Set([here ?? '']),
        onSynced: nothing,
        onChange: nothing,
      },
      leaving.signal,
    );
    onTestFinished(async () => {
      leaving.abort();
      await reflecting;
    });
    await vi.waitFor(() => expect(watches()).toHaveLength(1), SOON);

    for (let change = 0; change < CHANGES; change++) await make(elsewhere, `noise-${change}`);
    const { metadata } = await make(elsewhere, 'last');
    await plane.compact();
    const last = Number(metadata?.resourceVersion);
    expect(last).toBeGreaterThan(Number(quiet.metadata?.resourceVersion) + CHANGES);
    // Nothing has happened to what it watches: only a bookmark can have told it of this version.
    await vi.waitFor(() => expect(versions().at(-1)).toBeGreaterThanOrEqual(last), SOON);

    const before = watches().length;
    recorder.breakConnections();
    await vi.waitFor(() => expect(watches().length).toBeGreaterThan(before), SOON);
    expect(versions().at(-1)).toBeGreaterThanOrEqual(last);
    await make(here, 'news');
    await vi.waitFor(
      () =>
        expect([...store.firewalls.values()].map(({ name }) => name).toSorted()).toEqual(['news', 'quiet']),
      SOON,
    );
    expect(watches().map(({ status }) => status)).toEqual(watches().map(() => 200));
    expect(
      asked.filter(({ url }) => url.includes('/networkpolicies?') && !url.includes('watch=true')),
    ).toHaveLength(1);
  });
});
