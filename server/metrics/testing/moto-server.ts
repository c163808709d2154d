import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A moto that speaks AWS's APIs, on a port of its own and with nothing in it. */
export interface MotoServer {
  readonly url: string;
  /** SIGSTOP makes it slow beyond patience, SIGCONT brings it back. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** @throws when it ends before it is ready, with what it said. */
export async function startMoto(): Promise<MotoServer> {
  const child = spawn(
    process.env.SIGNALBOX_TEST_MOTO ?? 'moto_server',
    ['--host', '127.0.0.1', '--port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await exited;
  };
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const listening = /Running on (http:\S+)/.exec(line)?.[1];
      if (listening) resolve(listening);
    });
    void exited.then(() => reject(new Error(`moto ended:\n${said.join('\n')}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, signal: (signal) => void child.kill(signal), stop };
}

export interface MotoKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * A user of its own with that policy. Before `demandSignatures`, when nobody is asked who they are.
 * @throws when moto refuses.
 */
export async function addUser(url: string, name: string, actions: readonly string[]): Promise<MotoKey> {
  await iam(url, { Action: 'CreateUser', UserName: name });
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam(url, { Action: 'PutUserPolicy', UserName: name, PolicyName: name, PolicyDocument });
  const answer = await iam(url, { Action: 'CreateAccessKey', UserName: name });
  const field = (tag: string) => new RegExp(`<${tag}>([^<]+)`).exec(answer)?.[1] ?? '';
  return { accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey') };
}

/** A role that the service may assume. @returns its ARN. */
export async function makeRole(url: string, name: string, service: string): Promise<string> {
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const answer = await iam(url, { Action: 'CreateRole', RoleName: name, AssumeRolePolicyDocument });
  return /<Arn>([^<]+)/.exec(answer)?.[1] ?? '';
}

/** Into S3; without a key the bucket itself is made. */
export async function putObject(url: string, path: string, content: string): Promise<void> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request';
  const response = await fetch(`${url}/${path}`, {
    method: 'PUT',
    headers: { authorization },
    body: content,
  });
  if (!response.ok) throw new Error(`moto refused ${path}: ${await response.text()}`);
}

/** From now on every call needs a right signature and a permission, as at AWS. */
export async function demandSignatures(url: string): Promise<void> {
  await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' });
}

async function iam(url: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    // moto tells by it which service is meant.
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request' },
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`moto refused ${parameters.Action}: ${answer}`);
  return answer;
}
