import { Gauge } from 'prom-client';
import { systemClock } from '@/server/domain/clock';
import { requireSecret } from '@/server/env';
import { runtime } from '@/server/services/runtime';
import { webMetrics } from '@/server/services/system/metrics';
import { ToggleServing } from '@/server/services/toggle-serving/serving';

/** On globalThis because Next instantiates modules several times in one process. */
const KEY = Symbol.for('signalbox.web.toggleServing');
const holder = globalThis as typeof globalThis & { [KEY]?: ToggleServing };

/** The toggles in the memory of this process. */
export function toggleServing(): ToggleServing {
  holder[KEY] ??= createServing();
  return holder[KEY];
}

/** Before the process ends: what it has counted is written. */
export async function stopToggleServing(): Promise<void> {
  await holder[KEY]?.stop();
}

/** Lets a test serve from its own database. */
export function setToggleServing(replacement: ToggleServing): void {
  holder[KEY] = replacement;
}

function createServing(): ToggleServing {
  const { db, env, log } = runtime();
  const serving = new ToggleServing({ db, log, clock: systemClock, secret: requireSecret(env) });
  measure(serving);
  return serving;
}

function measure(serving: ToggleServing): void {
  const registers = [webMetrics().registry];
  new Gauge({
    name: 'signalbox_toggle_environments_behind',
    help: 'Environments in which toggles are served as they were last right, because they cannot be used as they are defined',
    registers,
    collect() {
      this.set(serving.behind.size);
    },
  });
  new Gauge({
    name: 'signalbox_toggle_reload_failures',
    help: 'How often toggles could not be read or used since this process started',
    registers,
    collect() {
      this.set(serving.reloadFailures);
    },
  });
  new Gauge({
    name: 'signalbox_toggle_streams',
    help: 'Clients that are told of changes as they happen',
    registers,
    collect() {
      this.set(serving.streams.size);
    },
  });
}
