const PRODUCTS = [
  { id: 'lantern', name: 'Signal lantern', price: 89.0, stock: 12 },
  { id: 'lever', name: 'Brass lever handle', price: 45.5, stock: 31 },
  { id: 'clock', name: 'Platform clock', price: 240.0, stock: 4 },
  { id: 'whistle', name: 'Guard’s whistle', price: 12.9, stock: 120 },
  { id: 'flag', name: 'Green flag', price: 9.5, stock: 77 },
  { id: 'bell', name: 'Block bell', price: 135.0, stock: 8 },
];

const CHEAPEST = PRODUCTS.toSorted((a, b) => a.price - b.price)[0];

/** @param {{currency: string, sort?: string | null, badge?: boolean}} options badge: the cheapest says that it is */
export function listProducts({ currency, sort = null, badge = false }) {
  const listed = PRODUCTS.map((product) => ({
    ...product,
    currency,
    ...(badge && product === CHEAPEST ? { badge: 'Best price' } : {}),
  }));
  if (sort === 'price') listed.sort((a, b) => a.price - b.price);
  return listed;
}

/** Null when there is none. */
export function findProduct(id, currency) {
  const product = PRODUCTS.find((one) => one.id === id);
  return product ? { ...product, currency } : null;
}
