import { handleOpenApi } from '@/server/api/rest/handlers';

export const dynamic = 'force-dynamic';

export { handleOpenApi as GET };
