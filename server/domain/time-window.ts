import { Cron } from 'croner';
import type { TimeWindow } from '@/server/domain/pipeline';

export type WindowState = { readonly open: true } | { readonly open: false; readonly opensAt: Date };

const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

type Span = TimeWindow['spans'][number];

/**
 * Whether a window is open, by the clocks of its time zone, changes to and from daylight saving
 * included; and when it opens next, when it is not.
 * @param seed spreads the openings of different stages over the window's jitter, the same each time.
 */
export function windowState(window: TimeWindow, now: Date, seed: string): WindowState {
  const { day, minute } = wallClock(now, window.timeZone);
  const allowed = (on: number) => !window.days || window.days.includes(on);
  const open = window.spans.some(({ from, to }) => {
    const [start, end] = [minutes(from), minutes(to)];
    if (start < end) return allowed(day) && minute >= start && minute < end;
    return (allowed(day) && minute >= start) || (allowed(dayBefore(day)) && minute < end);
  });
  if (open) return { open };
  const openings = window.spans.map((span) => nextOpening(window, span, now, seed));
  return { open, opensAt: new Date(Math.min(...openings)) };
}

function nextOpening(window: TimeWindow, span: Span, now: Date, seed: string): number {
  const [hour, minute] = span.from.split(':').map(Number);
  const days = window.days?.map((day) => day % 7).join(',') ?? '*';
  const next = new Cron(`${minute} ${hour} * * ${days}`, { timezone: window.timeZone }).nextRun(now);
  if (!next) return now.getTime() + DAY_MINUTES * 60_000;
  const length = (minutes(span.to) - minutes(span.from) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  // Later than the span's end it would be closed again.
  const spread = Math.min(window.jitterSeconds ?? 0, length * 60 - 60);
  return next.getTime() + (spread > 0 ? hash(seed) % (spread + 1) : 0) * 1_000;
}

/** ISO day of the week and minute of the day, as clocks there show it. */
function wallClock(at: Date, timeZone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: WEEKDAYS.indexOf(part('weekday')) + 1,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

function dayBefore(day: number): number {
  return day === 1 ? 7 : day - 1;
}

/** FNV-1a, 32 bit: spreads well enough and is the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return value;
}
