import { spawnSync } from 'node:child_process';

/** Whether kubectl is on this machine; it is not brought along. */
export function hasKubectl(): boolean {
  return spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
}
