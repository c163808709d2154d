/** The service that knows is not ready for customers: a feature that is ramped up with a guard is found out. */
const FAILING = 0.3;

/** @returns when a product would arrive; null when the service that knows did not answer. */
export function deliveryOf({ stock }) {
  if (Math.random() < FAILING) return null;
  return stock > 10 ? 'tomorrow' : 'in three days';
}
