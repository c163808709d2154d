import type http from 'node:http';
import { type KindName, type WatchEvent, WatchExpired } from '@/server/providers/kubernetes/client/api';
import { refusal, type Status, type Subject } from '@/server/providers/kubernetes/client/errors';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { trimmed } from '@/server/providers/kubernetes/client/trimmed';
import { ProviderError } from '@/server/providers/provider';

interface Line<K extends KindName> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: ObjectOf<K> & Status & { readonly code?: number };
}

/**
 * The events in the answer to a watch, one per line. Ends when the server ends it.
 * @throws WatchExpired, ProviderError `unavailable` when the connection breaks.
 */
export async function* eventsOf<K extends KindName>(
  response: http.IncomingMessage,
  subject: Subject,
): AsyncGenerator<WatchEvent<K>> {
  try {
    for await (const text of linesOf(response)) yield eventOf<K>(text, subject);
  } catch (error) {
    if (error instanceof ProviderError || error instanceof WatchExpired) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProviderError('unavailable', `The watch of ${subject.kind} broke: ${reason}`);
  } finally {
    response.destroy();
  }
}

function eventOf<K extends KindName>(text: string, subject: Subject): WatchEvent<K> {
  // What cannot be parsed was cut off: the event is lost, so the watch has to start again.
  const { type, object } = JSON.parse(text) as Line<K>;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: trimmed(object) };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata?.resourceVersion ?? '' };
    case 'ERROR':
      if (object.code === 410) throw new WatchExpired();
      throw refusal(subject, object.code ?? 500, object);
    default:
      throw new ProviderError(
        'unavailable',
        `The watch of ${subject.kind} says "${String(type satisfies never)}".`,
      );
  }
}

async function* linesOf(response: http.IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let pieces: string[] = [];
  for await (const chunk of response) {
    // `setEncoding` makes every chunk a string.
    const lines = (chunk as string).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const whole = pieces.length > 0 ? pieces.join('') + line : line;
      pieces = [];
      if (whole !== '') yield whole;
    }
    if (last !== '') pieces.push(last);
  }
  if (pieces.length > 0) throw new Error('the connection broke within an event');
}
