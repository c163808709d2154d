/** What AWS answers, and what is in what it was asked. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** `Credential=key/date/region/service/aws4_request` */
export function regionIn(authorization: string): string {
  return /Credential=[^/]*\/\d+\/([^/]*)/.exec(authorization)?.[1] ?? '';
}

export function instancesIn(body: string): string[] {
  return [...body.matchAll(/<InstanceId>(i-\w+)<\/InstanceId>/g)].map(([, id = '']) => id);
}

export function consoleAnswer(id: string, text: string): Answer {
  const output = Buffer.from(text).toString('base64');
  const body = `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${id}</instanceId><output>${output}</output></GetConsoleOutputResponse>`;
  return { status: 200, type: 'text/xml', body };
}

/** EC2 wraps its errors in another way than the others. */
export function refusal(asked: URLSearchParams, code: string, message: string): Answer {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const isEc2 = asked.get('Version') === '2016-11-15';
  const body = isEc2
    ? `<Response><Errors><Error>${error}</Error></Errors><RequestID>0</RequestID></Response>`
    : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>0</RequestId></ErrorResponse>`;
  return { status: 400, type: 'text/xml', body };
}

/** The images in a list of them as still being made. */
export function withPending(body: string, images: ReadonlySet<string>): string {
  return [...images].reduce(
    (text, id) =>
      text.replace(new RegExp(`(<imageId>${id}</imageId>.*?<imageState>)[^<]*`, 's'), '$1pending'),
    body,
  );
}
