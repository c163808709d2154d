/**
 * Turns single questions into questions about many: what is asked while an earlier batch is under way
 * goes into the next one. Alone, a question goes at once; under load a batch grows to what came meanwhile.
 * @param answerAll answers in the order of the questions. When it throws, all of the batch are told so.
 */
export function gather<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  maxAtOnce: number,
): (question: Question) => Promise<Answer> {
  interface Asked {
    readonly question: Question;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Asked[] = [];
  let busy = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxAtOnce);
      waiting = waiting.slice(maxAtOnce);
      try {
        const answers = await answerAll(batch.map(({ question }) => question));
        // `answerAll` answers each, by contract.
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  return (question) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      // Not in this turn: what else is asked in it joins the batch.
      if (!busy) {
        busy = true;
        setImmediate(() => void work());
      }
    });
}
