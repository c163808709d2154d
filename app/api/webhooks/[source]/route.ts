import { greetWebhook, takeWebhook } from '@/server/api/http/webhooks';

export const dynamic = 'force-dynamic';

export { greetWebhook as OPTIONS, takeWebhook as POST };
