import { expect, it } from 'vitest';
import { readConfig } from '@/server/local-cloud/config';

it('needs only a folder', () => {
  expect(readConfig({ SIGNALBOX_CLOUD_DIR: '/data/cloud', SIGNALBOX_CLOUD_PORT: '' })).toEqual({
    dir: '/data/cloud',
    port: 0,
    host: '127.0.0.1',
    token: undefined,
    regions: ['eu', 'us'],
    loadBalancerPortBase: undefined,
    keepInstances: false,
  });
});

it.each([
  ['SIGNALBOX_CLOUD_DIR', {}],
  ['SIGNALBOX_CLOUD_PORT', { SIGNALBOX_CLOUD_DIR: '/d', SIGNALBOX_CLOUD_PORT: '99999' }],
  ['SIGNALBOX_CLOUD_TOKEN', { SIGNALBOX_CLOUD_DIR: '/d', SIGNALBOX_CLOUD_TOKEN: 'short' }],
  ['SIGNALBOX_CLOUD_REGIONS', { SIGNALBOX_CLOUD_DIR: '/d', SIGNALBOX_CLOUD_REGIONS: 'eu,Not A Region' }],
])('names %s when it is wrong', (variable, environment) => {
  expect(() => readConfig(environment)).toThrow(new RegExp(`^${variable}: `));
});
