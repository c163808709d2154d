import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type LaunchOptions } from '@playwright/test';

/** Browsers that a machine may have, before the one that npm brings. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Keeps Chromium from asking the internet for anything. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * A Chromium for the tests: SIGNALBOX_CHROMIUM, Playwright's own, an installed one, or else the one
 * inside an npm package, which needs nothing from the system.
 */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  // Chromium's sandbox refuses root.
  const args = process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET;
  const found = [process.env.SIGNALBOX_CHROMIUM, chromium.executablePath(), ...INSTALLED].find(
    (candidate) => candidate && existsSync(candidate),
  );
  return found ? { args, executablePath: found } : { args, ...(await packagedChromium()) };
}

/**
 * The package unpacks into TMPDIR and names its libraries in the environment, as it would on Lambda.
 * Both are borrowed for the moment of the import: other children, Postgres above all, must not see
 * its library path.
 */
async function packagedChromium(): Promise<Pick<LaunchOptions, 'executablePath' | 'env'>> {
  const folder = fileURLToPath(new URL('../node_modules/.cache/signalbox-chromium', import.meta.url));
  const complete = path.join(folder, '.complete');
  if (!existsSync(complete)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const before = { ...process.env };
  process.env.TMPDIR = folder;
  // Read at import: it is what makes the package bring its own NSS and fonts.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    writeFileSync(complete, '');
    const { LD_LIBRARY_PATH, HOME } = process.env;
    const FONTCONFIG_FILE = fontConfiguration(folder);
    return {
      executablePath,
      env: { ...stringsOf(before), ...stringsOf({ LD_LIBRARY_PATH, FONTCONFIG_FILE, HOME }) },
    };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/**
 * The package's own list of font folders names Lambda's, and a page without any font crashes at its
 * first text field. Korean comes from a package of its own, because no other font here has it.
 */
function fontConfiguration(folder: string): string {
  const korean = fileURLToPath(new URL('../node_modules/@expo-google-fonts/noto-sans-kr', import.meta.url));
  const fontFolders = [path.join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts', korean];
  const file = path.join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fontFolders
      .map((font) => `<dir>${font}</dir>`)
      .join('')}<cachedir>${path.join(folder, 'font-cache')}</cachedir></fontconfig>`,
  );
  return file;
}

function stringsOf(env: NodeJS.ProcessEnv | Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
