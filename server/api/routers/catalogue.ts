import { procedure, router } from '@/server/api/trpc';
import { listCatalogue, listCatalogueInput } from '@/server/services/catalogue/list';

export const catalogueRouter = router({
  list: procedure.input(listCatalogueInput).query(({ ctx, input }) => listCatalogue(ctx, input)),
});
