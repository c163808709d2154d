/** Whether every `%` of a path is followed by the digits of a byte, and the bytes are UTF-8. */
export function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** What to answer to a path that is not. */
export function badPath(): Response {
  const message = 'The address holds a % that is not followed by the two digits of a UTF-8 byte.';
  return Response.json({ error: { code: 'bad_request', message } }, { status: 400 });
}
