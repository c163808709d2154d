import { handleAuth } from '@/server/api/auth/handler';

export const dynamic = 'force-dynamic';

export { handleAuth as GET, handleAuth as POST };
