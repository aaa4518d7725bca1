import type { Dispatcher } from 'undici';
import { type AnswerHead, BoundedCall, type CallBounds } from './bounded-call.js';

export interface WholeAnswer extends AnswerHead {
  readonly text: string;
}

/** Asks for an answer and takes it whole. */
export function askWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  bounds: CallBounds,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    if (bounds.signal.aborted) reject(bounds.signal.reason);
    else dispatcher.dispatch(request, new Taking(bounds, resolve, reject));
  });
}

class Taking extends BoundedCall {
  readonly #parts: Buffer[] = [];

  constructor(
    bounds: CallBounds,
    private readonly resolve: (answer: WholeAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    super(bounds);
  }

  onData(part: Buffer): boolean {
    this.#parts.push(part);
    return true;
  }

  protected completed(): void {
    const [first] = this.#parts;
    const whole = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
    const { status, headers } = this.head;
    this.resolve({ status, headers, text: whole.toString() });
  }

  protected failed(error: Error): void {
    this.reject(error);
  }
}
