import type { ApplicationSummary } from '@/server/domain/views/application';

/** Applications in whose name, description or owner every word of the search occurs. */
export function filterApplications(
  applications: readonly ApplicationSummary[],
  search: string,
): ApplicationSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return applications.filter(({ name, description, owner }) => {
    const text = `${name} ${description} ${owner}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
