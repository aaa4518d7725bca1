import { Readable } from 'node:stream';

/** A body of lines of JSON. Who sends them waits while the reader does not keep up, and is told when it has gone. */
export class JsonLines extends Readable {
  #goOn = () => {};

  constructor() {
    super();
    // It may break before anyone reads it, which is told to whoever does.
    this.on('error', () => undefined);
  }

  /** @throws when the reader has gone */
  async send(line: unknown): Promise<void> {
    if (this.destroyed) throw new Error('The reader has gone.');
    if (this.push(`${JSON.stringify(line)}\n`)) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
  }

  end(): void {
    this.push(null);
  }

  override _read(): void {
    this.#goOn();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#goOn();
    done(error);
  }
}
