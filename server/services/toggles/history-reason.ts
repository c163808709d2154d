import { type Message, message } from '@/server/domain/message';

/** Written by Signalbox itself, in English; read in whatever language. */
const OWN: readonly (readonly [RegExp, (found: RegExpExecArray) => Message])[] = [
  [
    /^put back: (.+) ended as (\w+)$/,
    ([, pipeline = '', status = '']) => message('toggle.reason.putBack', { pipeline, status }),
  ],
  [/^as scheduled by (.+)$/, ([, by = '']) => message('toggle.reason.scheduled', { by })],
  [/^it expired$/, () => message('toggle.reason.expired')],
  [/^as its schedule or expiry had it$/, () => message('toggle.reason.clock')],
];

/** Why a change was made, as its reader's language has it: people's words stay as they are. */
export function reasonMessage(reason: string | null): Message | null {
  if (reason === null) return null;
  for (const [pattern, words] of OWN) {
    const found = pattern.exec(reason);
    if (found) return words(found);
  }
  return message('text', { text: reason });
}
