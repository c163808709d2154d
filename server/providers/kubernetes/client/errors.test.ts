import { expect, it } from 'vitest';
import { refusal, statusOf } from '@/server/providers/kubernetes/client/errors';

const subject = { verb: 'patch', kind: 'ReplicaSet', namespace: 'shop', name: 'web-v001' } as const;

it('names the manager that owns a field', () => {
  const causes = [
    {
      reason: 'FieldManagerConflict',
      message: 'conflict with "argocd" using apps/v1',
      field: '.spec.replicas',
    },
  ];
  expect(refusal(subject, 409, { reason: 'Conflict', details: { causes } })).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('argocd manages .spec.replicas of ReplicaSet "web-v001"'),
  });
});

it('tells a missing right, with verb, kind and namespace, from a quota', () => {
  const rbac =
    'replicasets.apps is forbidden: User "x" cannot patch resource "replicasets" in API group "apps"';
  expect(refusal(subject, 403, { message: rbac })).toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('may not patch ReplicaSet in namespace "shop"'),
  });
  const discovery = 'forbidden: User "a" cannot get path "/apis/gateway.networking.k8s.io/v1"';
  expect(refusal({ verb: 'list', kind: 'APIs' }, 403, { message: discovery }).code).toBe('unauthorized');
  const quota = 'pods "x" is forbidden: exceeded quota: small, requested: cpu=4, limited: cpu=2';
  expect(refusal(subject, 403, { message: quota })).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('exceeded quota'),
  });
});

it.each([
  [401, 'unauthorized', false],
  [404, 'not_found', false],
  [409, 'conflict', false],
  [422, 'invalid', false],
  [429, 'rate_limited', true],
  [500, 'unavailable', true],
  [503, 'unavailable', true],
])('makes of %i the error %s', (code, expected, retryable) => {
  expect(refusal(subject, code, { message: 'no' })).toMatchObject({ code: expected, retryable });
});

it('hands on how long the server asks to wait', () => {
  expect(refusal(subject, 429, {}, 7).retryAfterSeconds).toBe(7);
  expect(refusal(subject, 429, { details: { retryAfterSeconds: 3 } }).retryAfterSeconds).toBe(3);
});

it('reads the page of a proxy in between as words', () => {
  expect(statusOf('<html><body><h1>502 Bad Gateway</h1></body></html>').message).toBe('502 Bad Gateway');
  expect(statusOf('{"message":"gone"}').message).toBe('gone');
});
