import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type AnswerHead, BoundedCall, type CallBounds, isSuccess } from './bounded-call.js';

export interface StreamedAnswer extends AnswerHead {
  /** Breaks off with what the call's bounds say. Destroyed before its end, it ends the call. */
  readonly body: AnswerBody;
}

/** Makes parts of the bytes of an answer. What it throws breaks the answer off. */
export interface PartReader {
  read(bytes: Buffer): readonly unknown[];
  /** @returns what comes after the last of them */
  end(): readonly unknown[];
  /** @returns what stands for the rest of an answer that broke off after its first part. Nothing: its reader is told */
  broken(error: Error): readonly unknown[] | undefined;
}

/**
 * Asks for an answer and gives it as it comes, no faster than it is read.
 * @param parts of a successful answer, which is given with the first of them. @default bytes, given as soon as the head is there
 */
export function askStreamed(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  bounds: CallBounds,
  parts?: PartReader,
): Promise<StreamedAnswer> {
  return new Promise((resolve, reject) => {
    if (bounds.signal.aborted) reject(bounds.signal.reason);
    else dispatcher.dispatch(request, new Streaming(bounds, parts, resolve, reject));
  });
}

/** What comes of an answer. */
export class AnswerBody extends Readable {
  /** Why it is not whole, though it ended in good order. */
  brokenBy: Error | undefined;
}

class Streaming extends BoundedCall {
  #resume = () => {};
  /** Whether its reader has it. */
  #given = false;
  readonly #body = new AnswerBody({
    objectMode: true,
    read: () => this.#resume(),
    destroy: (error, done) => {
      if (!this.#body.readableEnded) this.end(error ?? new Error('Nobody reads the answer any more.'));
      done(error);
    },
  });

  constructor(
    bounds: CallBounds,
    private parts: PartReader | undefined,
    private readonly resolve: (answer: StreamedAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    super(bounds);
    // It may break off before its reader has begun, and is told then.
    this.#body.on('error', () => undefined);
  }

  onData(bytes: Buffer): boolean {
    if (this.parts === undefined) return this.#body.push(bytes);
    return this.#push(() => this.parts?.read(bytes));
  }

  protected override begun(resume: () => void): void {
    this.#resume = resume;
    if (!isSuccess(this.head)) this.parts = undefined;
    if (this.parts === undefined) this.#give();
  }

  protected completed(): void {
    this.#push(() => this.parts?.end());
    if (this.#over) return;
    this.#body.push(null);
    this.#give();
  }

  protected failed(error: Error): void {
    if (this.#over) return;
    const rest = this.#given ? this.parts?.broken(error) : undefined;
    if (rest === undefined) {
      this.reject(error);
      this.#body.destroy(error);
      return;
    }
    this.#body.brokenBy = error;
    for (const part of rest) this.#body.push(part);
    this.#body.push(null);
  }

  get #over(): boolean {
    return this.#body.destroyed || this.#body.brokenBy !== undefined;
  }

  #give(): void {
    this.#given = true;
    this.resolve({ ...this.head, body: this.#body });
  }

  /** @returns whether more may come at once */
  #push(read: () => readonly unknown[] | undefined): boolean {
    let more = true;
    try {
      for (const part of read() ?? []) {
        more = this.#body.push(part);
        if (!this.#given) this.#give();
      }
    } catch (error) {
      this.end(error as Error);
    }
    return more;
  }
}
