/** Attributes of one person; what is larger is a mistake. Bytes. */
export const CONTEXT_LIMIT = 64_000;
