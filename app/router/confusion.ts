import { TASK_CLASSES, type TaskClass } from '../../contract/index.js';

/** What a labelled prompt may be used for: to fit a classifier, or to judge one that was fitted to others. */
export const PROMPT_SETS = ['train', 'held-out'] as const;
export type PromptSet = (typeof PROMPT_SETS)[number];

/** A prompt and the class that a person gave it. */
export interface LabelledPrompt {
  readonly class: TaskClass;
  readonly prompt: string;
  /** @default both */
  readonly set?: PromptSet | undefined;
}

/** Those that may be used so. */
export function ofSet<P extends LabelledPrompt>(prompts: readonly P[], wanted: PromptSet): readonly P[] {
  return prompts.filter(({ set = wanted }) => set === wanted);
}

/** How often each true class (row) was taken for each class (column). */
export type ConfusionMatrix = Readonly<Record<TaskClass, Readonly<Record<TaskClass, number>>>>;

export interface Confusion {
  readonly matrix: ConfusionMatrix;
  /** Share of prompts classified as labelled, 0 to 1. */
  readonly accuracy: number;
  readonly mistakes: readonly (LabelledPrompt & { readonly taken: TaskClass })[];
}

/** Measures a classifier on labelled prompts. */
export function measureConfusion(
  prompts: readonly LabelledPrompt[],
  classify: (prompt: string) => TaskClass,
): Confusion {
  const taken = prompts.map((labelled) => ({ ...labelled, taken: classify(labelled.prompt) }));
  const count = (row: TaskClass, column: TaskClass) =>
    taken.filter((one) => one.class === row && one.taken === column).length;
  const byClass = <T>(value: (of: TaskClass) => T) =>
    Object.fromEntries(TASK_CLASSES.map((of) => [of, value(of)])) as Record<TaskClass, T>;
  const mistakes = taken.filter((one) => one.class !== one.taken);
  return {
    matrix: byClass((row) => byClass((column) => count(row, column))),
    accuracy: 1 - mistakes.length / prompts.length,
    mistakes,
  };
}

/** The matrix as a table for people: true classes down, decisions across. */
export function formatConfusion({ matrix, accuracy }: Confusion): string {
  const width = Math.max(...TASK_CLASSES.map((name) => name.length)) + 2;
  const line = (head: string, cells: readonly (string | number)[]) =>
    [head.padEnd(width), ...cells.map((cell) => String(cell).padStart(width))].join('');
  return [
    line('', TASK_CLASSES),
    ...TASK_CLASSES.map((row) =>
      line(
        row,
        TASK_CLASSES.map((column) => matrix[row][column]),
      ),
    ),
    `accuracy ${(100 * accuracy).toFixed(1)} %`,
  ].join('\n');
}
