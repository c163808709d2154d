import { Command, CommanderError } from 'commander';
import { addAccounts } from '@/cli/commands/account';
import { addArtifact } from '@/cli/commands/artifact';
import { addCanary } from '@/cli/commands/canary';
import { addDeploy } from '@/cli/commands/deploy';
import { addHolds } from '@/cli/commands/holds';
import { addIntegrations } from '@/cli/commands/integrate';
import { addJudgments } from '@/cli/commands/judge';
import { addLogs } from '@/cli/commands/logs';
import { addMetricsSources } from '@/cli/commands/metrics-source';
import { addOperations } from '@/cli/commands/operate';
import { addPeople } from '@/cli/commands/people';
import { addPipeline } from '@/cli/commands/pipeline';
import { addRefresh } from '@/cli/commands/refresh';
import { addRollback } from '@/cli/commands/rollback';
import { addStatus } from '@/cli/commands/status';
import { addToggles } from '@/cli/commands/toggle';
import { Failure } from '@/cli/failure';
import manifest from '@/package.json';

const BAD_USAGE = 2;

function createProgram(): Command {
  const program = new Command('signalbox')
    .description('See every rollout, hold the gates, throw the traffic')
    .version(manifest.version)
    .option('--url <address>', 'where Signalbox is (SIGNALBOX_URL)')
    .option('--token <token>', 'API token (SIGNALBOX_TOKEN)')
    .option('--json', 'answer in JSON')
    .showHelpAfterError('(signalbox help <command> tells how)');
  addDeploy(program);
  addStatus(program);
  addLogs(program);
  addRefresh(program);
  addJudgments(program);
  addIntegrations(program);
  addOperations(program);
  addRollback(program);
  addHolds(program);
  addPipeline(program);
  addCanary(program);
  addMetricsSources(program);
  addToggles(program);
  addArtifact(program);
  addAccounts(program);
  addPeople(program);
  throwInsteadOfExit(program);
  return program;
}

/** Commander would end the process with 1; wrong usage is 2 here. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

async function main(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no mistakes; commander has printed everything else already.
      process.exitCode = error.exitCode === 0 ? 0 : BAD_USAGE;
    } else if (error instanceof Failure) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else {
      throw error;
    }
  }
}

await main();
