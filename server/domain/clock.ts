/** Time as a parameter, so that rules about time can be tested without waiting for it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
