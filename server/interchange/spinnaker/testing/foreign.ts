/** Nothing in it has an equivalent, each part for a reason of its own. */
export const foreign = {
  name: 'foreign',
  application: 'shop',
  triggers: [
    { type: 'jenkins', enabled: true, master: 'ci', job: 'shop' },
    { type: 'docker', enabled: true, account: 'hub', repository: 'team/shop' },
    { type: 'cron', enabled: true, cronExpression: '0 0 0 L * ?' },
    { type: 'webhook', enabled: true, source: 'never set up' },
  ],
  notifications: [{ type: 'email', address: 'a@example.com', when: ['pipeline.failed'] }],
  expectedArtifacts: [
    { id: 'a', matchArtifact: { type: 'docker/image', name: 'shop' }, useDefaultArtifact: false },
  ],
  stages: [
    {
      refId: 'a',
      type: 'kayentaCanary',
      name: 'Judge',
      canaryConfig: { lifetimeDuration: 'PT1H' },
      continuePipeline: true,
      failPipeline: false,
    },
    {
      refId: 'b',
      type: 'deploy',
      name: 'Elsewhere',
      clusters: [{ account: 'gce', application: 'other', stack: 'x', strategy: 'highlander' }],
    },
    {
      refId: 'c',
      type: 'deploy',
      name: 'Monitored',
      clusters: [{ account: 'aws', application: 'shop', stack: 'prod', strategy: 'monitored' }],
    },
    { refId: 'd', type: 'wait', name: 'Unclear', waitTime: "${#fromUrl('http://x')}" },
    { refId: 'e', type: 'pipeline', name: 'Unknown', application: 'shop', pipeline: 'ffff' },
    { refId: 'f', type: 'somethingNew', name: 'New', answer: 42 },
    { refId: 'g', type: 'findImageFromTags', name: 'By tags', packageName: 'shop', tags: { stack: 'prod' } },
    { refId: 'h', type: 'webhook', name: 'By status', url: 'https://x.example', waitForCompletion: true },
  ].map((stage) => ({ requisiteStageRefIds: [], ...stage })),
};
