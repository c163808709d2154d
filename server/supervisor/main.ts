import { isAppError } from '@/server/domain/errors';
import type { SupervisorContext } from './context';
import { lockDataFolder } from './lock';
import { assertPortFree } from './ports';
import { preflight } from './preflight';
import { projectRoot } from './root';
import type { SeedAnswer } from './seed';
import { ProcessRecord } from './state';
import { Supervisor } from './supervisor';
import { survivePipeLoss, terminal } from './terminal';

/** npm passes on the Ctrl-C that the terminal has already sent us: within this many ms it is the same one. */
const SAME_KEY_PRESS = 1_000;

/**
 * The supervisor's process. With `--check` it only says what is wrong with the settings.
 */
async function main(): Promise<void> {
  const root = projectRoot();
  const settings = await preflight(root);
  const record = new ProcessRecord(settings.SIGNALBOX_DATA);
  if (process.argv.includes('--check')) {
    // With a record, the port may be held by our own web of a killed start, which a start ends first.
    if (record.entries().length === 0) await assertPortFree(settings.PORT, settings.SIGNALBOX_HOST);
    return;
  }
  const unlock = lockDataFolder(settings.SIGNALBOX_DATA);
  const context = { root, settings, record };
  const supervisor = new Supervisor(context);
  stopOnSignals(supervisor, unlock);
  try {
    await supervisor.start();
    passwordShown = true;
    terminal.line(`\n${signInLine(context, supervisor.seeded)}`);
  } catch (error) {
    // A start that was interrupted fails in many ways; the signal's handler ends the process.
    if (stoppingSince !== null) return;
    terminal.error(sentence(error));
    await supervisor.stop();
    tellPassword(supervisor);
    unlock();
    process.exit(1);
  }
}

let passwordShown = false;

/** A start that ends before its last line has made an administrator whose password nobody has seen. */
function tellPassword({ seeded }: Supervisor): void {
  if (passwordShown || !seeded.adminPassword) return;
  terminal.line(
    `Sign in after the next start as admin with the password ${seeded.adminPassword} (shown only this once).`,
  );
}

let stoppingSince: number | null = null;

function stopOnSignals(supervisor: Supervisor, unlock: () => void): void {
  const onSignal = () => {
    if (stoppingSince !== null) {
      if (Date.now() - stoppingSince < SAME_KEY_PRESS) return;
      supervisor.kill();
      unlock();
      process.exit(130);
    }
    stoppingSince = Date.now();
    terminal.step('stopping …');
    void supervisor.stop().then(() => {
      tellPassword(supervisor);
      unlock();
      terminal.step('stopped');
      process.exit(0);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

function signInLine({ settings }: SupervisorContext, { adminPassword }: SeedAnswer): string {
  const how = adminPassword
    ? `sign in as admin with the password ${adminPassword} (shown only this once)`
    : 'sign in as admin (password printed at the first start; reset it with: npx signalbox user reset-password admin)';
  return `Signalbox is ready: ${settings.SIGNALBOX_URL} · ${how}`;
}

function sentence(error: unknown): string {
  if (isAppError(error)) return error.message;
  return `Signalbox could not start: ${error instanceof Error ? error.message : String(error)}`;
}

survivePipeLoss();
await main().catch((error: unknown) => {
  terminal.error(sentence(error));
  process.exit(1);
});
