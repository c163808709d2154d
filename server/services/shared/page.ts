import { AppError } from '@/server/domain/errors';

/** A place in a list ordered by time and id, newest first. Opaque to callers. */
export interface PagePlace {
  readonly at: string;
  readonly id: string;
}

export function encodeCursor(place: PagePlace): string {
  return Buffer.from(`${place.at} ${place.id}`).toString('base64url');
}

const PLACE = /^(\d{4}-[\d\-T:.]+Z) ([0-9a-f-]{1,36})$/;

/** @throws AppError `bad_request` for what `encodeCursor` did not make. */
export function decodeCursor(cursor: string): PagePlace {
  const match = PLACE.exec(Buffer.from(cursor, 'base64url').toString());
  if (match?.[1] && match[2]) return { at: match[1], id: match[2] };
  throw new AppError(
    'bad_request',
    'The cursor is not one of ours. Take it from "nextCursor" of the page before.',
  );
}
