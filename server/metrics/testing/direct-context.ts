import type { SourceContext } from '@/server/metrics/source';
import { sendOutbound } from '@/server/outbound/send';

/** Sends for real, to servers that tests start on this machine. */
export const directContext: SourceContext = {
  fetch: (request) => sendOutbound(request, { allow: ['127.0.0.0/8'] }),
};
