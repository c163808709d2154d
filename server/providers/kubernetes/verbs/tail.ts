/** The end of a text, from the beginning of a line where one fits. */
export function tail(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  const cut = buffer.subarray(buffer.length - bytes).toString();
  const line = cut.indexOf('\n');
  return line === -1 ? cut : cut.slice(line + 1);
}
