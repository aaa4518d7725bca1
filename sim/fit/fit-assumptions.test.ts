import { expect, test } from '@jest/globals';
import {
  httpRequestDuration,
  llmRequestDuration,
  memory,
  memoryApi,
  orchestrator,
  orchestratorApi,
  processCpu,
  rag,
  ragApi,
} from '../../contract/index.js';
import { DEFAULT_ASSUMPTIONS, parseAssumptions } from '../model/assumptions.js';
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

function cpu(job: string, at: (minute: number) => number) {
  return counter({ __name__: processCpu.name, job, pod: `${job}-0` }, at);
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

test('what calls others waits for its own stores the rest of its time', () => {
  const until = [0, 60, 120, 300, 600];
  const { embed, rag: ragWork } = DEFAULT_ASSUMPTIONS.services;
  const { assume } = fitAssumptions([
    saved(
      ...requests(rag.name, ragApi.retrieve, until, 0.05),
      ...requests(orchestrator.name, orchestratorApi.embed, until, 0.02),
    ),
  ]);
  // Of the retrievals those that no cache answers call for an embedding.
  const called = (1 - DEFAULT_ASSUMPTIONS.caches.retrievalHits) * 20;
  expect(assume.services?.rag?.ioMs).toBeCloseTo(50 - called - ragWork.cpuMs, 3);
  expect(assume.services?.embed?.ioMs).toBeCloseTo(20 - embed.cpuMs, 3);
});

test('services of one process share its time, which each of them tells', () => {
  const until = [0, 100, 500, 600, 1000];
  const { memory: memoryWork, assign } = DEFAULT_ASSUMPTIONS.services;
  const thrice = (minute: number) => (3 * (until[minute] ?? 0) * (memoryWork.cpuMs + assign.cpuMs)) / 1000;
  const recorded = saved(
    ...requests(memory.name, memoryApi.read, until, 0.01),
    ...requests(orchestrator.name, orchestratorApi.assign, until, 0.01),
    cpu(memory.name, thrice),
    cpu(orchestrator.name, thrice),
  );
  const { services } = fitAssumptions([recorded], { oneProcess: true }).assume;
  expect(services?.memory?.cpuMs).toBeCloseTo(3 * memoryWork.cpuMs, 3);
  expect(services?.assign?.cpuMs).toBeCloseTo(3 * assign.cpuMs, 3);
});

test('models take as long as they took, and what is left of a call is the orchestrator’s own', () => {
  const until = [0, 100, 200, 300, 400];
  const model = (part: string, labels: Record<string, string>, each: number) =>
    counter(
      { __name__: `${llmRequestDuration.name}_${part}`, job: orchestrator.name, model: 'm', ...labels },
      (minute) => (until[minute] ?? 0) * each,
    );
  const { assume, models } = fitAssumptions([
    saved(
      ...requests(orchestrator.name, orchestratorApi.invoke, until, 1),
      // A half between 0 and 1 s, a half between 1 and 3 s: mean 1.25 s, mean square (1/3 + 13/3) / 2.
      ...[model('count', {}, 1), model('sum', {}, 0.9)],
      ...[model('bucket', { le: '1' }, 0.5), model('bucket', { le: '3' }, 1), model('bucket', { le: '+Inf' }, 1)],
    ),
  ]);
  const cv = Math.sqrt(7 / 3 / 1.25 ** 2 - 1);
  expect(models).toEqual([{ model: 'm', calls: 400, meanSeconds: expect.closeTo(0.9), cv: expect.closeTo(cv) }]);
  expect(assume.models).toEqual({ latencyMs: { m: 900 }, latencyCv: expect.closeTo(cv, 2) });
  const { answerHits } = DEFAULT_ASSUMPTIONS.caches;
  const { invoke } = DEFAULT_ASSUMPTIONS.services;
  expect(assume.services?.invoke?.ioMs).toBeCloseTo(1000 - 900 * (1 - answerHits) - invoke.cpuMs, 3);
});

test('what calls others that were not measured keeps the assumed time, and a pod that began anew is counted on', () => {
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
  ['[{"metric":{"__name__":"up"},"values":[[0,"1"],[60,"1"]]}]', /holds none of .*process_cpu_seconds_total\.$/],
  [
    `[{"metric":{"__name__":"${processCpu.name}"},"values":[[0,"1"]]}]`,
    /has one moment only; a counter needs two or more/,
  ],
  [
    `[{"metric":{"__name__":"${processCpu.name}"},"values":[[0,"NaN"],[60,"1"]]}]`,
    /has the value "NaN" at 0; it is a number/,
  ],
  [
    `[{"metric":{"__name__":"${processCpu.name}"},"values":[[60,"1"],[60,"2"]]}]`,
    /has 60 at a place where a later time is due/,
  ],
  [`[{"metric":{"__name__":"${processCpu.name}"},"values":[[0,"1"],[60,"2"]]}]`, /no request was counted/],
])('%s is refused, with the file and the reason', (text, message) => {
  const fitting = () => fitAssumptions([{ source: 'export.json', text }]);
  expect(fitting).toThrow(FitError);
  expect(fitting).toThrow(message);
});
