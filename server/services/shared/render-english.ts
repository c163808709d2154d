import { createTranslator } from 'use-intl/core';
import type { Message } from '@/server/domain/message';
import catalogue from '@/server/domain/messages/en.json';

/** A dot would mean nesting to the formatter, and catalogues may be written flat or nested. */
const SEPARATOR = '/';

const texts = flatten(catalogue);
const translate = createTranslator<Record<string, string>>({
  locale: 'en',
  messages: texts,
  timeZone: 'UTC',
  onError: () => undefined,
});

/** A message as machines and refusals get it: an English sentence with times in UTC. */
export function renderEnglish({ key, values }: Message): string {
  const path = key.replaceAll('.', SEPARATOR);
  if (path in texts) return translate(path, values);
  // From a newer worker: its values say more than nothing.
  return Object.values(values).join(' · ') || key;
}

type Nested = Readonly<Record<string, unknown>>;

function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null;
}

function flatten(nested: Nested, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(nested)) {
    const path = prefix + key.replaceAll('.', SEPARATOR);
    if (typeof value === 'string') flat[path] = value;
    else if (isNested(value)) Object.assign(flat, flatten(value, path + SEPARATOR));
  }
  return flat;
}
