/**
 * Why an account cannot be seen, where its platform has not said why itself: nobody knows it, nobody has seen it yet,
 * no worker looks at it, or a worker looks and gets no answer.
 */
export const UNSEEN_CAUSES = ['gone', 'never', 'unwatched', 'unanswered'] as const;
export type UnseenCause = (typeof UNSEEN_CAUSES)[number];

/** Stands in an account's row, in the place of the platform's own words, while it gives no answer at all. */
export const NO_ANSWER = 'The platform does not answer.';
