/** What a platform can do; a strategy that needs what is absent is refused with a sentence. */
export interface Capabilities {
  readonly weightedTraffic: boolean;
  /** Server groups consist of instances that can be counted, resized and terminated; else they are serverless. */
  readonly instances: boolean;
  readonly mirroring: boolean;
  readonly firewalls: boolean;
  readonly bake: boolean;
  readonly jobs: boolean;
}
