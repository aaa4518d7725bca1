import { type ServiceName, services } from '../contract/index.js';

type Labels = Readonly<Record<string, string>>;

const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** What processes tell of themselves, as Prometheus would have recorded it. */
export class Recording {
  readonly #series = new Map<string, { readonly metric: Labels; readonly values: [number, string][] }>();

  constructor(private readonly urls: Readonly<Record<ServiceName, string>>) {}

  /** Reads every process's page once, all at one moment. */
  async scrape(): Promise<void> {
    const at = Date.now() / 1000;
    const read = async ([name, url]: [string, string]) => {
      const { metricsPath } = services[name as ServiceName];
      const page = await (await fetch(url + metricsPath)).text();
      for (const line of page.split('\n')) this.#keep(line, name, at);
    };
    await Promise.all(Object.entries(this.urls).map(read));
  }

  /** As Prometheus answers a range query. */
  get text(): string {
    return JSON.stringify([...this.#series.values()]);
  }

  #keep(line: string, job: string, at: number): void {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) return;
    const key = `${job} ${name} ${labels}`;
    const own = Object.fromEntries([...labels.matchAll(LABEL)].map(([, label, text]) => [label, text])) as Labels;
    const series = this.#series.get(key) ?? { metric: { ...own, __name__: name, job }, values: [] };
    series.values.push([at, value]);
    this.#series.set(key, series);
  }
}
