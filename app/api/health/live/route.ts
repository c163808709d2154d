import { handleLive } from '@/server/api/rest/handlers';

export const dynamic = 'force-dynamic';

export { handleLive as GET };
