import { isObjectName, OBJECT_NAME } from '@/server/domain/toggles';
import { refusal } from '@/server/toggles/validate';

/**
 * Refuses new names that objects have of their own, which readers of flags in other languages stumble over. What is
 * called so already stays as it is: it is served, and can be switched off.
 * @param path where the names stand.
 * @throws AppError unprocessable with `details.issues`.
 */
export function requireNewNames(path: string, names: readonly string[], known: readonly string[] = []): void {
  const refused = names.filter((name) => isObjectName(name) && !known.includes(name));
  if (refused.length === 0) return;
  throw refusal(
    refused.map((name) => ({
      path: path === '' ? name : `${path}.${name}`,
      message: `${OBJECT_NAME}; choose another`,
    })),
  );
}
