import { inTime } from '../resilience/deadline.js';
import type { Timers } from '../runtime/timers.js';
import type { Classification, Classifier } from './classifier.js';
import { classifyByRules } from './rule-classifier.js';

export interface GuardedClassifierProps {
  readonly timeoutMs: number;
  readonly onError: (error: unknown) => void;
  /** @default the process's own */
  readonly timers?: Timers;
}

/** Asks a classifier, and goes by the rules when it fails or is late: no answer waits for it. */
export class GuardedClassifier implements Classifier {
  constructor(
    private readonly classifier: Classifier,
    private readonly props: GuardedClassifierProps,
  ) {}

  async classify(prompt: string): Promise<Classification> {
    const { timeoutMs, timers, onError } = this.props;
    try {
      const told = this.classifier.classify(prompt);
      // One that answers at once is never late.
      if (!(told instanceof Promise)) return told;
      return await inTime({ what: 'The classifier', timeoutMs, ...(timers && { timers }) }, told);
    } catch (error) {
      onError(error);
      const { class: taskClass, reasons } = classifyByRules(prompt);
      return { class: taskClass, reasons: ['the classifier is away, so that rules decide', ...reasons] };
    }
  }
}
