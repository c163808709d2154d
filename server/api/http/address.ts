/**
 * Where a request comes from, for limits and logs only: the first hop in `x-forwarded-for` is
 * whatever the client wrote unless a proxy in front replaces it.
 */
export function clientAddress(headers: Headers | Readonly<Record<string, unknown>>): string {
  const forwarded = headers instanceof Headers ? headers.get('x-forwarded-for') : headers['x-forwarded-for'];
  const first = typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim() : undefined;
  return (first || 'unknown').slice(0, 100);
}
