import { type PromptFile, PromptFileError } from './read-prompts.js';

/**
 * A model is fitted to what sets prompts apart, so there must be prompts of more than one kind.
 * @throws {PromptFileError} if there are not
 */
export function requireContrast(file: string, read: PromptFile): void {
  if (read.kind === 'outcomes') {
    const needing = read.prompts.filter(({ weak, strong }) => Number(strong) > Number(weak)).length;
    const some = needing === 0 ? 'no prompt' : 'each prompt';
    if (needing === 0 || needing === read.prompts.length)
      throw new PromptFileError(
        `${file}: the strong model is better at ${some}, so there is nothing to tell apart. Add prompts that it ${needing === 0 ? 'alone answers well' : 'answers no better than the weak one'}.`,
      );
    return;
  }
  const training = read.prompts.filter(({ set }) => set !== 'held-out').map((one) => one.class);
  const classes = [...new Set(training)].filter((name) => name !== 'specialised');
  if (classes.length < 2)
    throw new PromptFileError(
      `${file}: of the lines to fit to ${training.length === 0 ? 'there are none' : `all are ${[...new Set(training)].join(' or ')}`}. It takes prompts of two of simple, medium and complex at least; what is specialised is told by signs of code.`,
    );
}
