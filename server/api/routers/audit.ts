import { procedure, router } from '@/server/api/trpc';
import { listAudit, listAuditInput } from '@/server/services/audit/list';

export const auditRouter = router({
  list: procedure.input(listAuditInput).query(({ ctx, input }) => listAudit(ctx, input)),
});
