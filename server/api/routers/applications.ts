import { procedure, router } from '@/server/api/trpc';
import { getApplication, getApplicationInput } from '@/server/services/applications/get';
import { listApplications, listApplicationsInput } from '@/server/services/applications/list';

export const applicationsRouter = router({
  list: procedure.input(listApplicationsInput).query(({ ctx, input }) => listApplications(ctx, input)),
  get: procedure.input(getApplicationInput).query(({ ctx, input }) => getApplication(ctx, input)),
});
