import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bakeScript, consoleText, exitCodeIn } from '@/server/providers/aws/bake/script';

const spec = {
  region: 'eu-west-1',
  name: 'bake',
  application: 'shop',
  from: { name: 'base', version: '1', digest: 'sha256:00' },
  into: { name: 'shop', version: '2' },
  timeoutSeconds: 60,
};

function commandLine(command: string[], config = {}): string {
  const script = Buffer.from(bakeScript({ ...spec, command, config }), 'base64').toString();
  // Without what only a machine has: a console, and an end.
  return script
    .split('\n')
    .filter((line) => !/console|cloud-init|sync|shutdown/.test(line))
    .concat('exit $code')
    .join('\n');
}

describe('the script of a bake', () => {
  it('gives the command its arguments and values untouched', () => {
    const script = commandLine(['printf', '%s|%s', "it's", '$HOME `x`'], { NAME: "a'b" });
    const { stdout, status } = spawnSync('bash', [
      '-c',
      `${script.replace('exit $code', '')}\necho "|$NAME"`,
    ]);
    expect([stdout.toString(), status]).toEqual(["it's|$HOME `x`|a'b\n", 0]);
  });

  it('ends as the command ended', () => {
    expect(spawnSync('bash', ['-c', commandLine(['sh', '-c', 'exit 3'])]).status).toBe(3);
  });

  it('is known to have ended by the last line of the console that says so', () => {
    const output = Buffer.from('boot\nsignalbox-bake: exit 3\n').toString('base64');
    expect(exitCodeIn(consoleText(output))).toBe(3);
    expect(exitCodeIn('booting')).toBeNull();
  });
});
