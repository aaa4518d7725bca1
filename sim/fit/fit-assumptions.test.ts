import { expect, test } from '@jest/globals';
import { httpRequestDuration, memory, memoryApi, orchestrator, orchestratorApi } from '../../contract/index.js';
import { DEFAULT_ASSUMPTIONS, parseAssumptions } from '../model/assumptions.js';
import { CPU_SECONDS } from './counted.js';
import { fitAssumptions } from './fit-assumptions.js';
import { FitError } from './fit-error.js';
import { fitText } from './fit-text.js';

const MINUTES = [0, 1, 2, 3, 4];

/** A counter at the end of each minute. */
function counter(labels: Record<string, string>, at: (minute: number) => number) {
  return { metric: labels, values: MINUTES.map((minute) => [60 * minute, String(at(minute))]) };
}

/** So many requests until each minute, each answered after so long. */
function requests(job: string, { method, path }: { method: string; path: string }, until: number[], seconds: number) {
  const labels = { job, method, endpoint: path };
  const name = (part: string) => ({ ...labels, __name__: `${httpRequestDuration.name}_${part}` });
  return [
    counter(name('count'), (minute) => until[minute] ?? 0),
    counter(name('sum'), (minute) => (until[minute] ?? 0) * seconds),
  ];
}

function cpu(container: string, at: (minute: number) => number) {
  return counter({ __name__: CPU_SECONDS, container, pod: `${container}-0` }, at);
}

const saved = (...series: object[]) => ({ source: 'export.json', text: JSON.stringify(series) });

test('a leaf’s processor’s time is what grows with its requests, and the rest of its time it waits for its store', () => {
  const until = [0, 600, 3000, 3600, 9600];
  const { works, assume } = fitAssumptions([
    saved(...requests(memory.name, memoryApi.read, until, 0.01)),
    // Two milliseconds a request, and a hundredth of a core in any case.
    saved(cpu(memory.name, (minute) => 0.002 * (until[minute] ?? 0) + 0.6 * minute)),
  ]);
  expect(works).toEqual([
    { work: 'memory', requests: 9600, meanSeconds: expect.closeTo(0.01), concurrency: 0.4, cpuMs: 2, ioMs: 8 },
  ]);
  expect(assume).toEqual({ services: { memory: { cpuMs: 2, ioMs: 8 } } });
  expect(parseAssumptions(assume).services).toEqual({
    ...DEFAULT_ASSUMPTIONS.services,
    memory: { cpuMs: 2, ioMs: 8 },
  });
});

test('of a process with several kinds of work each has its assumed share of the time', () => {
  const { embed, assign } = DEFAULT_ASSUMPTIONS.services;
  const embeds = [0, 100, 500, 600, 1000];
  const assigns = [0, 900, 1000, 2500, 2600];
  const twice = (minute: number) =>
    (2 * ((embeds[minute] ?? 0) * embed.cpuMs + (assigns[minute] ?? 0) * assign.cpuMs)) / 1000;
  const { assume } = fitAssumptions([
    saved(
      ...requests(orchestrator.name, orchestratorApi.embed, embeds, 0.05),
      ...requests(orchestrator.name, orchestratorApi.assign, assigns, 0.004),
      cpu(orchestrator.name, twice),
    ),
  ]);
  expect(assume.services?.embed?.cpuMs).toBeCloseTo(2 * embed.cpuMs, 3);
  expect(assume.services?.assign).toEqual({ cpuMs: 2 * assign.cpuMs, ioMs: expect.closeTo(4 - 2 * assign.cpuMs) });
});

test('what waits for others keeps the assumed time, and a pod that began anew is counted on', () => {
  const [count, sum] = requests(orchestrator.name, orchestratorApi.invoke, [500, 600, 40, 140, 240], 1.5) as [
    object,
    object,
  ];
  const fitted = fitAssumptions([saved(count, sum)]);
  expect(fitted.works).toMatchObject([{ work: 'invoke', requests: 340, cpuMs: undefined, ioMs: undefined }]);
  expect(fitted.assume).toEqual({ services: {} });
  expect(fitText(fitted)).toMatch(/^invoke +340 +[\d.]+ s +[\d.]+ +as assumed +as assumed$/m);
});

test('a load that never changes gives all of the time to the requests', () => {
  const until = [0, 600, 1200, 1800, 2400];
  const { assume } = fitAssumptions([
    saved(
      ...requests(memory.name, memoryApi.append, until, 0.003),
      cpu(memory.name, (minute) => 3 * minute),
    ),
  ]);
  // More than the answer took: nothing is left that it could have waited.
  expect(assume.services?.memory).toEqual({ cpuMs: 5, ioMs: 0 });
});

test.each([
  ['{', 'export.json: is not JSON.'],
  ['[]', /^export\.json: is not Prometheus's answer to a range query: holds no series: the query found nothing\./],
  ['{"status":"error","error":"parse error"}', "export.json: is Prometheus's refusal: parse error"],
  ['[{"metric":{},"values":[[0,"1"],[60,"2"]]}]', /series 1 has no __name__: export the counters themselves/],
  [
    '[{"metric":{"__name__":"up"},"values":[[0,"1"],[60,"1"]]}]',
    /holds none of .*container_cpu_usage_seconds_total\.$/,
  ],
  [`[{"metric":{"__name__":"${CPU_SECONDS}"},"values":[[0,"1"]]}]`, /has one moment only; a counter needs two or more/],
  [
    `[{"metric":{"__name__":"${CPU_SECONDS}"},"values":[[0,"NaN"],[60,"1"]]}]`,
    /has the value "NaN" at 0; it is a number/,
  ],
  [
    `[{"metric":{"__name__":"${CPU_SECONDS}"},"values":[[60,"1"],[60,"2"]]}]`,
    /has 60 at a place where a later time is due/,
  ],
  [`[{"metric":{"__name__":"${CPU_SECONDS}"},"values":[[0,"1"],[60,"2"]]}]`, /no request was counted/],
])('%s is refused, with the file and the reason', (text, message) => {
  const fitting = () => fitAssumptions([{ source: 'export.json', text }]);
  expect(fitting).toThrow(FitError);
  expect(fitting).toThrow(message);
});
