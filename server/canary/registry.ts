import type { Judge } from '@/server/canary/judge';
import { netflix } from '@/server/canary/netflix/judge';
import { signalbox } from '@/server/canary/signalbox/judge';

/** Every judge there is, by its folder: one line each. The first is that of new configurations. */
export const judges: Readonly<Record<string, Judge>> = {
  signalbox,
  netflix,
};

/** The judge that a configuration names; undefined when there is none of that name. Without a name it is the first. */
export function judgeNamed(name: string | undefined): Judge | undefined {
  if (name === undefined) return signalbox;
  return Object.values(judges).find((judge) => judge.name === name || judge.aliases.includes(name));
}
