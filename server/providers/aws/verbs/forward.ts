import {
  type Action,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BalancerView } from '@/server/providers/aws/read/load-balancers';
import type { Region } from '@/server/providers/aws/verbs/platform';

/** How many target groups one forward action takes. Source: quotas of Application Load Balancers. */
export const FORWARD_LIMIT = 5;

/** Ends of a chain of actions; what comes before, such as signing in, is not ours. */
const ENDS: readonly (string | undefined)[] = ['forward', 'fixed-response', 'redirect'];

/** What is done with requests: nobody to send them to is an answer of its own. */
export function actionOf(weights: ReadonlyMap<string, number>): Action {
  if (weights.size === 0)
    return {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'nothing serves' },
    };
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      // A cookie would hold clients where they were, whatever the weights say.
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

/** Writes the weights into the end of the route's actions, and hands the rest back as it was. */
export async function writeForward(
  { elb }: Region,
  { route, actions }: BalancerView,
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  if (route === null) return;
  const before = actions.filter(({ Type }) => !ENDS.includes(Type)).map(handedBack);
  const end = actionOf(weights);
  const all = before.length === 0 ? [end] : [...before, { ...end, Order: orderAfter(before) }];
  if (route.kind === 'rule') await elb.send(new ModifyRuleCommand({ RuleArn: route.arn, Actions: all }));
  else await elb.send(new ModifyListenerCommand({ ListenerArn: route.arn, DefaultActions: all }));
}

/** AWS never shows a client's secret, and keeps the one it has when told to. */
function handedBack(action: Action): Action {
  const { AuthenticateOidcConfig: oidc } = action;
  return oidc ? { ...action, AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } } : action;
}

function orderAfter(actions: readonly Action[]): number {
  return Math.max(...actions.map(({ Order }) => Order ?? 1)) + 1;
}
