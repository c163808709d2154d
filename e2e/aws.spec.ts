import { spawnSync } from 'node:child_process';
import { CreateAutoScalingGroupCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { expect, test } from '@playwright/test';
import { type Stack, startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { signIn } from '@/e2e/support/sign-in';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';

const ROLE = 'arn:aws:iam::222222222222:role/signalbox';
/** What Signalbox runs with; moto takes any. */
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'tester' };

const moto = process.env.SIGNALBOX_TEST_MOTO ?? 'moto_server';
if (spawnSync(moto, ['--help']).error) {
  // Once, and not again in each process that reads this file.
  if (process.env.TEST_WORKER_INDEX === undefined)
    process.stdout.write(`an account on AWS: not tested, because ${moto} is not on this machine\n`);
} else {
  anAccountOnAws();
}

function anAccountOnAws(): void {
  let bench: AwsBench;
  let stack: Stack;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    [bench, stack] = await Promise.all([
      makeAwsBench({ roleArn: ROLE, externalId: 'told-by-them' }),
      startStack({ demo: false, env: KEYS }),
    ]);
  });
  test.afterAll(async () => {
    await stack?.stop();
    await bench?.stop();
  });

  test('is connected by its role, and says what is missing', async ({ page }) => {
    await signIn(page, stack.url, 'admin', stack.adminPassword ?? '');
    await page.goto(`${stack.url}/settings?tab=accounts`);
    await page.getByRole('button', { name: 'Add an account…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Platform' }).click();
    await page.getByRole('option', { name: 'AWS', exact: true }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('cloud');
    await dialog.getByLabel('Role', { exact: true }).fill(ROLE);
    await dialog.getByLabel('External id').fill('told-by-them');
    await dialog.getByLabel('Endpoint', { exact: true }).fill(bench.proxy.url);
    await dialog.getByRole('button', { name: 'Add: Regions' }).click();
    await dialog.getByRole('textbox', { name: /^Region/ }).fill(REGION);
    for (const [index, subnet] of (bench.config.regions[0]?.subnets ?? []).entries()) {
      await dialog.getByRole('button', { name: 'Add: Subnets' }).click();
      await dialog.getByRole('textbox', { name: `Subnets, entry ${index + 1}` }).fill(subnet);
    }
    const status = dialog.getByRole('status');
    const tryIt = dialog.getByRole('button', { name: 'Test connection' });
    bench.proxy.refuse('AssumeRole', { code: 'AccessDenied', message: 'not authorized' });
    await tryIt.click();
    await expect(status).toContainText(`The trust policy of ${ROLE}`);
    bench.proxy.refuse('AssumeRole', null);
    bench.proxy.refuse('DescribeTargetGroups', { code: 'AccessDenied', message: 'not authorized' });
    await tryIt.click();
    await expect(status).toContainText('elasticloadbalancing:DescribeTargetGroups is not allowed');
    bench.proxy.refuse('DescribeTargetGroups', null);
    await tryIt.click();
    await expect(status).toContainText(`${REGION}: vpc-`);
    await dialog.getByRole('button', { name: 'Save the account' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('row', { name: /^cloud AWS/ })).toContainText('in sight');
  });

  test('shows what others made, and looks again when somebody asks', async ({ page }) => {
    const { autoScaling, ec2 } = clientsOf(bench.config, REGION);
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'theirs',
        LaunchTemplateData: { ImageId: 'ami-03cf127a', InstanceType: 't2.micro' },
      }),
    );
    const name = { AutoScalingGroupName: 'legacy-web-v012' };
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        ...name,
        LaunchTemplate: { LaunchTemplateName: 'theirs', Version: '$Latest' },
        MinSize: 0,
        MaxSize: 9,
        DesiredCapacity: 2,
        VPCZoneIdentifier: bench.config.regions[0]?.subnets[0],
        Tags: [{ Key: 'ManagedBy', Value: 'terraform', PropagateAtLaunch: false }],
      }),
    );
    const api = await Api.ofCliFile(stack.cliFile);
    // Nothing is seen by itself for an hour.
    const config = { ...bench.config, sweepSeconds: 3_600 };
    await api.must('PUT', '/api/v1/accounts/cloud', { provider: 'aws', config });
    await expect
      .poll(async () => (await api.send('GET', '/api/v1/applications/legacy/clusters')).status, {
        timeout: 60_000,
      })
      .toBe(200);
    await signIn(page, stack.url, 'admin', stack.adminPassword ?? '');
    await page.goto(`${stack.url}/applications/legacy?at=cloud/${REGION}/legacy-web-v012`);
    const panel = page.getByRole('dialog', { name: 'legacy-web-v012' });
    await expect(panel).toContainText('Terraform legacy-web-v012');
    await expect(panel).toContainText('2 wanted');
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ ...name, DesiredCapacity: 5 }));
    await panel.getByRole('button', { name: 'Look again now' }).click();
    await expect(panel).toContainText('Looked at again');
    await expect(panel).toContainText('5 wanted');
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ ...name, DesiredCapacity: 3 }));
    const place = { account: 'cloud', region: REGION };
    await api.must('POST', '/api/v1/applications/legacy/clusters/legacy-web/refresh', place);
    await expect(panel).toContainText('3 wanted');
  });
}
