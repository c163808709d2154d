import { createTranslator } from 'use-intl';
import { catalogueKey, flatten } from '@/components/i18n/flatten';
import type { Locale } from '@/components/i18n/locale';
import type { Message } from '@/server/domain/message';

export type RenderMessage = (message: Message) => string;

/**
 * Renders what the engine said. A key that the catalogue lacks (an older web beside a newer worker)
 * shows the message's own values instead of breaking the page.
 */
export function messageRenderer(locale: Locale, catalogue: object): RenderMessage {
  const messages = flatten(catalogue);
  const translate = createTranslator<Record<string, string>>({ locale, messages, onError: () => undefined });
  return ({ key, values }) => {
    const path = catalogueKey(key);
    const text = path in messages ? translate(path, values) : null;
    return text === null || text === path ? fallback(key, values) : text;
  };
}

function fallback(key: string, values: Message['values']): string {
  const said = Object.values(values).map(String).filter(Boolean);
  return said.length > 0 ? said.join(' · ') : key;
}
