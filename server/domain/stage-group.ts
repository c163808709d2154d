/** What a stage is about, for the editor's list. */
export const STAGE_GROUPS = ['deliver', 'cluster', 'control', 'integrate'] as const;
export type StageGroup = (typeof STAGE_GROUPS)[number];
