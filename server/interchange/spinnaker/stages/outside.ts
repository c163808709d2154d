import { Unmappable } from '@/server/interchange/spinnaker/report';
import { isSecret, type Source } from '@/server/interchange/spinnaker/source';
import type { Handler, StageInput } from '@/server/interchange/spinnaker/stages/handler';
import { placeOf } from '@/server/interchange/spinnaker/stages/place';

/** Stages that call other systems, or look for what is to be delivered. */

export const webhook: Handler = (input) => {
  const { source, texts } = input;
  const url = texts.read(source, 'url');
  if (!url) throw new Unmappable('It does not say whom to call.');
  source.lose('Credentials are headers here, whose values come from the worker.', 'account');
  source.lose(
    'What may be passing is tried again by itself.',
    'webhookRetryStatusCodes',
    'retryStatusCodes',
    'retries',
  );
  source.lose('It begins to ask at once.', 'waitBeforeMonitor');
  source.needless('belongs to the editor', 'parameterValues', 'parameters', 'provider', 'signalCancellation');
  if (source.flag('monitorOnly'))
    throw new Unmappable('It only asks for a status that another call has left.');
  const failFastStatus = (source.value('failFastStatusCodes') ?? []) as unknown;
  const completion = completionOf(source, input, url);
  const cancel = cancelOf(source, input);
  return [
    {
      type: 'webhook',
      config: {
        url,
        method: source.text('method') ?? 'POST',
        headers: headersOf(source, input),
        ...payloadOf(source, input),
        ...(Array.isArray(failFastStatus) && failFastStatus.length > 0 ? { failFastStatus } : {}),
        ...(completion ? { completion } : {}),
        ...(cancel ? { cancel } : {}),
      },
    },
  ];
};

function headersOf(source: Source, { texts }: StageInput): Record<string, string> {
  const headers = source.child('customHeaders');
  if (!headers) return {};
  return Object.fromEntries(
    Object.entries(headers.json).map(([name, value]) => {
      headers.value(name);
      if (!isSecret(name)) return [name, texts.template(String(value))];
      const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
      headers.note(
        'changed',
        name,
        `Its value is not taken over. Give it to the workers as SIGNALBOX_WEBHOOK_SECRET_${variable}.`,
      );
      return [name, `secret:${variable}`];
    }),
  );
}

/** JSON may stand there as a text. */
function payloadOf(source: Source, { texts }: StageInput): { payload?: unknown } {
  if (!source.has('payload')) {
    source.value('payload');
    return {};
  }
  const payload = source.value('payload');
  return { payload: texts.deep(typeof payload === 'string' ? parsed(payload) : payload) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function completionOf(source: Source, { texts, timeoutSeconds }: StageInput, url: string) {
  if (!source.flag('waitForCompletion')) {
    source.needless(
      'it does not wait for completion',
      'statusUrlResolution',
      'statusUrlJsonPath',
      'statusJsonPath',
      'progressJsonPath',
      'successStatuses',
      'canceledStatuses',
      'terminalStatuses',
    );
    return undefined;
  }
  const statusPath = pathOf(source.text('statusJsonPath'));
  if (!statusPath)
    throw new Unmappable('It waits for an HTTP status; here a word in the answer says that it is done.');
  const how = source.text('statusUrlResolution') ?? 'getMethod';
  const from = pathOf(source.text('statusUrlJsonPath'));
  const progressPath = pathOf(source.text('progressJsonPath'));
  const [success, failure, canceled] = ['successStatuses', 'terminalStatuses', 'canceledStatuses'].map(
    (key) => words(texts.words(source, key)),
  );
  return {
    ...(how === 'getMethod' ? { statusUrl: url } : {}),
    ...(how === 'webhookResponse' && from ? { statusUrlPath: from } : {}),
    statusPath,
    ...(success ? { success } : {}),
    ...(failure ? { failure } : {}),
    ...(canceled ? { canceled } : {}),
    ...(progressPath ? { progressPath } : {}),
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
  };
}

/** `$.build.status` → `build.status` */
function pathOf(jsonPath: string | undefined): string | undefined {
  return (
    jsonPath
      ?.replace(/^\$\.?/, '')
      .replaceAll(/\[['"]?([^\]'"]+)['"]?\]/g, '.$1')
      .replace(/^\./, '') || undefined
  );
}

function words(list: string | undefined): string[] | undefined {
  const all = (list ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return all.length > 0 ? all : undefined;
}

function cancelOf(source: Source, { texts }: StageInput) {
  const url = texts.read(source, 'cancelEndpoint');
  const method = source.text('cancelMethod');
  source.lose('The call to cancel carries nothing.', 'cancelPayload');
  return url ? { url, method: method ?? 'POST' } : undefined;
}

const SELECT: Readonly<Record<string, string>> = {
  NEWEST: 'newest',
  OLDEST: 'oldest',
  LARGEST: 'largest',
  FAIL: 'onlyOne',
};

/** What runs in a cluster. */
export const findImage: Handler = (input) => {
  const { source } = input;
  const { environment } = placeOf(source, input);
  const strategy = source.text('selectionStrategy') ?? 'NEWEST';
  const select = SELECT[strategy];
  if (!select) throw new Unmappable(`"${strategy}" is not a way to choose here.`);
  if (source.has('imageNamePattern'))
    throw new Unmappable('It looks for images by a pattern of their names.');
  source.needless(
    'the artifact is the same in all regions',
    'imageNamePattern',
    'resolveMissingLocations',
    'skipRegionDetection',
  );
  const onlyEnabled = source.flag('onlyEnabled') ?? true;
  return [{ type: 'findArtifact', config: { environment: environment.name, onlyEnabled, select } }];
};

/** The newest published. */
export const findImageFromTags: Handler = ({ source, target }) => {
  if (source.has('tags'))
    throw new Unmappable('It looks for an image by its tags, which artifacts do not have here.');
  const name = source.needText('packageName');
  const known = target.environments.some((one) => one.artifact === name);
  if (!known) throw new Unmappable(`"${name}" is not an artifact of ${target.application}.`);
  source.needless(
    'artifacts are the same everywhere',
    'tags',
    'regions',
    'cloudProvider',
    'cloudProviderType',
  );
  return [{ type: 'findArtifact', config: { artifact: name } }];
};

/** A resource in a cluster of manifests; what runs there. */
export const findArtifactFromResource: Handler = (input) => {
  const { source } = input;
  const name = source.text('manifestName')?.split(' ').at(-1);
  const { environment } = placeOf(source, input, {
    clusters: [name],
    namespaces: [source.text('location')],
  });
  source.needless('the artifact of the environment is found', 'mode', 'criteria', 'kind', 'kinds', 'app');
  return [{ type: 'findArtifact', config: { environment: environment.name } }];
};
