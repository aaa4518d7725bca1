import type { Dispatcher } from 'undici';
import type { Caller } from './caller.js';

/** What may end a call before its answer has come, and what its caller is told then. */
export interface CallBounds {
  /** Aborts when the caller has gone. Its reason is told. */
  readonly signal: Caller['signal'];
  readonly timeoutMs: number;
  late(): Error;
  /** @param begun whether the answer had */
  failed(error: Error, begun: boolean): Error;
}

/** An answer of which status and headers are known. */
export interface AnswerHead {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly Buffer[];
}

export function isSuccess({ status }: AnswerHead): boolean {
  return status >= 200 && status <= 299;
}

/**
 * A call that ends when its time is over or its caller has gone. It is undici's own handler: undici's readable body, and a signal
 * that undici listens to, take as much processor time as the rest of the call.
 */
export abstract class BoundedCall implements Dispatcher.DispatchHandlers {
  /** Of status 0 until it has come. */
  protected head: AnswerHead = { status: 0, headers: [] };
  #ended: Error | undefined;
  #abort: ((reason: Error) => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #gone = () => this.end(this.bounds.signal.reason);

  constructor(private readonly bounds: CallBounds) {
    this.#timer = setTimeout(() => this.end(bounds.late()), bounds.timeoutMs).unref();
    bounds.signal.addEventListener('abort', this.#gone);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    if (this.#ended !== undefined) abort(this.#ended);
  }

  onHeaders(status: number, headers: readonly Buffer[], resume: () => void): boolean {
    // Those below announce one that is to come.
    if (status >= 200) {
      this.head = { status, headers };
      this.begun(resume);
    }
    return true;
  }

  /** @returns whether more may come at once */
  abstract onData(part: Buffer): boolean;

  onComplete(): void {
    this.#release();
    this.completed();
  }

  onError(error: Error): void {
    this.#release();
    this.failed(this.bounds.failed(error, this.head.status !== 0));
  }

  /** Ends the call before its answer is whole. */
  protected end(reason: Error): void {
    this.#ended = reason;
    this.#release();
    this.failed(reason);
    this.#abort?.(reason);
  }

  /** @param resume lets more come after `onData` has refused it */
  protected begun(_resume: () => void): void {}
  protected abstract completed(): void;
  /** May be told more than once. */
  protected abstract failed(error: Error): void;

  #release(): void {
    clearTimeout(this.#timer);
    this.bounds.signal.removeEventListener('abort', this.#gone);
  }
}
