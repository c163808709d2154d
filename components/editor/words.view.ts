/** Catalogues quote braces, as messages with values must; a text that is shown as it stands has them bare. */
export function unquoted(text: string): string {
  return text.replace(/'(\{[^'{}]*\})'/g, '$1');
}
