import { type ChildProcess, spawn } from 'node:child_process';
import type { V1Container, V1ContainerState, V1Pod, V1PodStatus } from '@kubernetes/client-node';

/** A pod of a Job as a process of this machine. */
export interface JobProcess {
  readonly ended: Promise<void>;
  /** As a kubelet writes it now. */
  status(): WrittenStatus;
  log(): string;
  /** Whether it was told to end. */
  told(): boolean;
  /** SIGTERM, and SIGKILL when the pod's grace is over. */
  end(): void;
  kill(): void;
}

/** Dates are text on the wire. */
type WrittenStatus = V1PodStatus;

/** What is kept of a log, in characters; a kubelet rotates at 10 MiB. */
const LOG_LIMIT = 1024 * 1024;
/** Signals as shells and kubelets count them. */
const KILLED = 137;
const TERMINATED = 143;

/** Starts the first container's command; one without a command ends at once, well. */
export function runJob(pod: V1Pod): JobProcess {
  const container = pod.spec?.containers[0];
  if (!container) throw new Error('a pod has a container');
  const child = start(container);
  const startedAt = new Date();
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-LOG_LIMIT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  let told = false;
  let overdue = false;
  let end: { code: number; at: Date } | null = null;
  const stop = (graceSeconds: number) => {
    signal(child, 'SIGTERM');
    setTimeout(() => signal(child, 'SIGKILL'), graceSeconds * 1000).unref();
  };
  const { activeDeadlineSeconds, terminationGracePeriodSeconds = 30 } = pod.spec ?? {};
  const deadline = setTimeout(
    () => {
      overdue = true;
      stop(terminationGracePeriodSeconds);
    },
    // The longest that a timer takes, for a pod without a deadline.
    activeDeadlineSeconds ? activeDeadlineSeconds * 1000 : 2 ** 31 - 1,
  );
  const ended = new Promise<void>((resolve) => {
    const over = (code: number) => {
      clearTimeout(deadline);
      end ??= { code, at: new Date() };
      resolve();
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      over(127);
    });
    child.once('close', (code, by) => over(code ?? (by === 'SIGKILL' ? KILLED : TERMINATED)));
  });
  return {
    ended,
    status: () => statusOf({ container, pod, startedAt, end, overdue, output }),
    log: () => output,
    told: () => told,
    end: () => {
      if (told) return;
      told = true;
      stop(pod.metadata?.deletionGracePeriodSeconds ?? terminationGracePeriodSeconds);
    },
    kill: () => signal(child, 'SIGKILL'),
  };
}

function start(container: V1Container): ChildProcess {
  const [command = 'true', ...args] = [...(container.command ?? []), ...(container.args ?? [])];
  const given = Object.fromEntries(container.env?.map((one) => [one.name, one.value ?? '']) ?? []);
  // The declared type wants NODE_ENV, which Next's typings made mandatory; a child needs none.
  const env = { PATH: process.env.PATH, ...given } as unknown as NodeJS.ProcessEnv;
  // A group of its own, so that what it starts ends with it.
  return spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has just ended.
  }
}

interface Run {
  readonly pod: V1Pod;
  readonly container: V1Container;
  readonly startedAt: Date;
  readonly end: { readonly code: number; readonly at: Date } | null;
  readonly overdue: boolean;
  readonly output: string;
}

function statusOf(run: Run): WrittenStatus {
  const { container, startedAt, end, overdue } = run;
  const failed = overdue || (end !== null && end.code !== 0);
  const state: V1ContainerState = end
    ? {
        terminated: {
          exitCode: end.code,
          reason: end.code === 0 ? 'Completed' : 'Error',
          startedAt,
          finishedAt: end.at,
          ...(failed && messageOf(run)),
        },
      }
    : { running: { startedAt } };
  const ready = { type: 'Ready', status: end ? 'False' : 'True', lastTransitionTime: end?.at ?? startedAt };
  return {
    phase: end === null ? 'Running' : failed ? 'Failed' : 'Succeeded',
    startTime: startedAt,
    ...(overdue && {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    }),
    conditions: [...(run.pod.status?.conditions ?? []).filter((one) => one.type !== 'Ready'), ready],
    containerStatuses: [
      {
        name: container.name,
        image: container.image ?? '',
        imageID: container.image ?? '',
        ready: end === null,
        started: end === null,
        restartCount: 0,
        state,
      },
    ],
  };
}

/** What a kubelet copies from the log of a container that failed, when its policy says so. */
function messageOf({ container, output }: Run): { message?: string } {
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError') return {};
  return { message: output.split('\n').slice(-80).join('\n').slice(-2048) };
}
