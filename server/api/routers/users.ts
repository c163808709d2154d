import { procedure, router } from '@/server/api/trpc';
import { changePassword, changePasswordInput } from '@/server/services/users/change-password';
import { createUser, createUserInput } from '@/server/services/users/create';
import { listUsers, listUsersInput } from '@/server/services/users/list';
import { getMe, getMeInput } from '@/server/services/users/me';
import { resetPassword, resetPasswordInput } from '@/server/services/users/reset-password';
import { setDisabled, setDisabledInput } from '@/server/services/users/set-disabled';
import { setRoles, setRolesInput } from '@/server/services/users/set-roles';

export const usersRouter = router({
  me: procedure.input(getMeInput).query(({ ctx, input }) => getMe(ctx, input)),
  list: procedure.input(listUsersInput).query(({ ctx, input }) => listUsers(ctx, input)),
  create: procedure.input(createUserInput).mutation(({ ctx, input }) => createUser(ctx, input)),
  setRoles: procedure.input(setRolesInput).mutation(({ ctx, input }) => setRoles(ctx, input)),
  setDisabled: procedure.input(setDisabledInput).mutation(({ ctx, input }) => setDisabled(ctx, input)),
  resetPassword: procedure.input(resetPasswordInput).mutation(({ ctx, input }) => resetPassword(ctx, input)),
  changePassword: procedure
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
});
