import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type AnswerHead, BoundedCall, type CallBounds, isSuccess } from './bounded-call.js';

export interface StreamedAnswer extends AnswerHead {
  /** Breaks off with what the call's bounds say. Destroyed before its end, it ends the call. */
  readonly body: Readable;
}

/** Makes parts of the bytes of an answer. What it throws breaks the answer off. */
export interface PartReader {
  read(bytes: Buffer): readonly unknown[];
  end(): void;
}

/** Gives bytes as they are. */
const BYTES: PartReader = { read: (bytes) => [bytes], end: () => undefined };

/** Asks for an answer and gives it as it comes, no faster than it is read. @param parts of a successful answer. @default bytes */
export function askStreamed(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  bounds: CallBounds,
  parts: PartReader = BYTES,
): Promise<StreamedAnswer> {
  return new Promise((resolve, reject) => {
    if (bounds.signal.aborted) reject(bounds.signal.reason);
    else dispatcher.dispatch(request, new Streaming(bounds, parts, resolve, reject));
  });
}

class Streaming extends BoundedCall {
  #resume = () => {};
  readonly #body = new Readable({
    objectMode: true,
    read: () => this.#resume(),
    destroy: (error, done) => {
      if (!this.#body.readableEnded) this.end(error ?? new Error('Nobody reads the answer any more.'));
      done(error);
    },
  });

  constructor(
    bounds: CallBounds,
    private parts: PartReader,
    private readonly resolve: (answer: StreamedAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    super(bounds);
    // It may break off before its reader has begun, and is told then.
    this.#body.on('error', () => undefined);
  }

  onData(bytes: Buffer): boolean {
    let more = true;
    this.#orEnd(() => {
      for (const part of this.parts.read(bytes)) more = this.#body.push(part);
    });
    return more;
  }

  protected override begun(resume: () => void): void {
    this.#resume = resume;
    if (!isSuccess(this.head)) this.parts = BYTES;
    this.resolve({ ...this.head, body: this.#body });
  }

  protected completed(): void {
    this.#orEnd(() => {
      this.parts.end();
      this.#body.push(null);
    });
  }

  protected failed(error: Error): void {
    this.reject(error);
    this.#body.destroy(error);
  }

  #orEnd(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.end(error as Error);
    }
  }
}
