import { AppError } from '@/server/domain/errors';

/**
 * The whole body of a request.
 * @throws AppError `too_large` as soon as it exceeds the limit, whatever its headers promise.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge(limitBytes);
  const reader = request.body?.getReader();
  if (!reader) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts);
    size += value.byteLength;
    if (size > limitBytes) {
      await reader.cancel();
      throw tooLarge(limitBytes);
    }
    parts.push(value);
  }
}

function tooLarge(limitBytes: number): AppError {
  return new AppError(
    'too_large',
    `The body is larger than ${limitBytes / 1_000_000} MB. Send less at once.`,
  );
}
