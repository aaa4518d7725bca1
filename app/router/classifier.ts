import type { TaskClass } from '../../contract/index.js';

/** How hard a prompt is, and what in it says so. */
export interface Classification {
  readonly class: TaskClass;
  /** In words, for whoever asks why a model was chosen. */
  readonly reasons: readonly string[];
}

/** Tells how hard a prompt is, before any model has seen it. */
export interface Classifier {
  classify(prompt: string): Classification | Promise<Classification>;
}
