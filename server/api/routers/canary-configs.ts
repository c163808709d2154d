import { procedure, router } from '@/server/api/trpc';
import { checkCanaryConfig, checkCanaryConfigInput } from '@/server/services/canary-configs/check';
import { exportCanaryConfig, exportCanaryConfigInput } from '@/server/services/canary-configs/export';
import { getCanaryConfig, getCanaryConfigInput } from '@/server/services/canary-configs/get';
import { importKayenta, importKayentaInput } from '@/server/services/canary-configs/import-kayenta';
import { listCanaryConfigs, listCanaryConfigsInput } from '@/server/services/canary-configs/list';
import { previewCanaryConfig, previewCanaryConfigInput } from '@/server/services/canary-configs/preview';
import { removeCanaryConfig, removeCanaryConfigInput } from '@/server/services/canary-configs/remove';
import { saveCanaryConfig, saveCanaryConfigInput } from '@/server/services/canary-configs/save';
import { listScopes, listScopesInput } from '@/server/services/canary-configs/scopes';
import { listMetricTemplates, listMetricTemplatesInput } from '@/server/services/canary-configs/templates';

export const canaryConfigsRouter = router({
  list: procedure.input(listCanaryConfigsInput).query(({ ctx, input }) => listCanaryConfigs(ctx, input)),
  get: procedure.input(getCanaryConfigInput).query(({ ctx, input }) => getCanaryConfig(ctx, input)),
  save: procedure.input(saveCanaryConfigInput).mutation(({ ctx, input }) => saveCanaryConfig(ctx, input)),
  remove: procedure
    .input(removeCanaryConfigInput)
    .mutation(({ ctx, input }) => removeCanaryConfig(ctx, input)),
  export: procedure.input(exportCanaryConfigInput).query(({ ctx, input }) => exportCanaryConfig(ctx, input)),
  templates: procedure
    .input(listMetricTemplatesInput)
    .query(({ ctx, input }) => listMetricTemplates(ctx, input)),
  scopes: procedure.input(listScopesInput).query(({ ctx, input }) => listScopes(ctx, input)),
  // Read only; mutations because a configuration is too long for an address.
  check: procedure.input(checkCanaryConfigInput).mutation(({ ctx, input }) => checkCanaryConfig(ctx, input)),
  preview: procedure
    .input(previewCanaryConfigInput)
    .mutation(({ ctx, input }) => previewCanaryConfig(ctx, input)),
  importKayenta: procedure.input(importKayentaInput).mutation(({ ctx, input }) => importKayenta(ctx, input)),
});
