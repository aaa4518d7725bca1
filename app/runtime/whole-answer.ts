import type { Dispatcher } from 'undici';

export interface WholeAnswer {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly Buffer[];
  readonly text: string;
}

/** What may end a call before its answer has come, and what its caller is told then. */
export interface CallBounds {
  /** Aborts when the caller has gone. Its reason is told. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  late(): Error;
  /** @param begun whether the answer had */
  failed(error: Error, begun: boolean): Error;
}

/**
 * Asks for an answer and takes it whole. It is undici's own handler: a readable body, and a signal that undici listens to, take as
 * much processor time as the rest of the call.
 */
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

class Taking implements Dispatcher.DispatchHandlers {
  #status = 0;
  #headers: readonly Buffer[] = [];
  readonly #parts: Buffer[] = [];
  #ended: Error | undefined;
  #abort: ((reason: Error) => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #gone = () => this.#end(this.bounds.signal.reason);

  constructor(
    private readonly bounds: CallBounds,
    private readonly resolve: (answer: WholeAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.#timer = setTimeout(() => this.#end(bounds.late()), bounds.timeoutMs).unref();
    bounds.signal.addEventListener('abort', this.#gone);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    if (this.#ended !== undefined) abort(this.#ended);
  }

  onHeaders(status: number, headers: readonly Buffer[]): boolean {
    // Those below announce one that is to come.
    if (status >= 200) {
      this.#status = status;
      this.#headers = headers;
    }
    return true;
  }

  onData(part: Buffer): boolean {
    this.#parts.push(part);
    return true;
  }

  onComplete(): void {
    this.#release();
    const [first] = this.#parts;
    const whole = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
    this.resolve({ status: this.#status, headers: this.#headers, text: whole.toString() });
  }

  onError(error: Error): void {
    this.#release();
    this.reject(this.bounds.failed(error, this.#status !== 0));
  }

  #end(reason: Error): void {
    this.#ended = reason;
    this.#release();
    this.reject(reason);
    this.#abort?.(reason);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.bounds.signal.removeEventListener('abort', this.#gone);
  }
}
