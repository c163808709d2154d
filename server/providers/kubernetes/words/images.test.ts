import { expect, it } from 'vitest';
import { artifactIn, digestIn } from '@/server/providers/kubernetes/words/images';

const digest = `sha256:${'a1'.repeat(32)}`;

it.each([
  ['nginx', { name: 'nginx', version: 'latest', digest: '' }],
  ['nginx:1.27', { name: 'nginx', version: '1.27', digest: '' }],
  ['reg.example:5000/team/web', { name: 'reg.example:5000/team/web', version: 'latest', digest: '' }],
  ['reg.example:5000/team/web:2', { name: 'reg.example:5000/team/web', version: '2', digest: '' }],
  [`reg.example/web:2@${digest}`, { name: 'reg.example/web', version: '2', digest }],
  [`reg.example/web@${digest}`, { name: 'reg.example/web', version: 'a1a1a1a1a1a1', digest }],
])('reads %s', (image, artifact) => {
  expect(artifactIn(image, null)).toEqual(artifact);
});

it('believes what runs more than what was asked for', () => {
  const running = digestIn(`docker-pullable://reg.example/web@${digest}`);
  expect(artifactIn('reg.example/web:2', running).digest).toBe(digest);
});
