import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Sends spans by another exporter, and tells once that they are lost, and why, and once that they arrive again. */
export class ToldExporter implements SpanExporter {
  #lost = false;

  /** @param onChange hears of an error, or of none any more. It must not throw */
  constructor(
    private readonly exporter: SpanExporter,
    private readonly onChange: (error?: Error) => void,
  ) {}

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.exporter.export(spans, (result) => {
      const lost = result.error !== undefined;
      if (lost !== this.#lost) this.onChange(result.error);
      this.#lost = lost;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}
