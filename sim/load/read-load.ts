import { readFileSync } from 'node:fs';
import { durationSecondsOf } from './clock.js';
import { type Load, MOST_RPS, peakRps } from './load.js';
import { LoadError } from './load-error.js';
import { parseCsvLoad } from './parse-csv.js';
import { parsePrometheusLoad } from './parse-prometheus.js';
import { backlogLoad, constantLoad, diurnalLoad, promotionLoad, spikeLoad, stepLoad } from './shapes.js';

/** More than a year would only be the same again. */
const LONGEST_SECONDS = 366 * 86_400;

/** Loads that have a name, and how it is written. */
export const LOAD_FORMS = [
  'FILE.csv (time,rps and a column for each tier)',
  'FILE.json (the answer of Prometheus to a range query)',
  'constant:RPS[@1h]',
  'step:RPS..RPS[@1h]',
  'spike:RPS..RPS[@1h]',
  'diurnal:RPS..RPS[@24h]',
  'seed:promotion',
  'seed:backlog',
] as const;

const PAIRS = { step: stepLoad, spike: spikeLoad, diurnal: diurnalLoad } as const;

/**
 * The load that is meant: a shape by its name, or a file's.
 * @throws {LoadError} saying what is wrong with it, with the line where it is a file's
 */
export function readLoad(text: string): Load {
  const load = shapeOf(text) ?? fileOf(text);
  if (load.durationSeconds > LONGEST_SECONDS) {
    throw new LoadError(
      text,
      undefined,
      `lasts ${Math.round(load.durationSeconds / 86_400)} days; a year is the most.`,
    );
  }
  const peak = peakRps(load);
  if (peak > MOST_RPS) throw new LoadError(text, undefined, `has ${peak} requests/s; ${MOST_RPS} are the most.`);
  return load;
}

function shapeOf(text: string): Load | undefined {
  if (text === 'seed:promotion') return promotionLoad();
  if (text === 'seed:backlog') return backlogLoad();
  const [, kind = '', rates = '', duration] = /^(constant|step|spike|diurnal|seed):([^@]*)(?:@(.*))?$/.exec(text) ?? [];
  if (kind === '') return undefined;
  const forms = LOAD_FORMS.filter((form) => form.startsWith(`${kind}:`)).join(' or ');
  const misspelt = new LoadError(text, undefined, `is not how ${kind} is written: ${forms}.`);
  if (kind === 'seed') throw misspelt;
  const seconds = duration === undefined ? undefined : durationSecondsOf(duration);
  if (duration !== undefined && seconds === undefined) {
    throw new LoadError(text, undefined, `"${duration}" is no duration, such as 90s, 15m, 24h or 7d.`);
  }
  const [low, high, ...more] = rates.split('..').map((rate) => rateOf(rate, text));
  if (low === undefined || more.length > 0 || (kind === 'constant') !== (high === undefined)) throw misspelt;
  return high === undefined ? constantLoad(low, seconds) : PAIRS[kind as keyof typeof PAIRS](low, high, seconds);
}

function rateOf(rate: string, load: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(rate) ? Number(rate) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new LoadError(load, undefined, `"${rate}" is no rate: it is requests per second, such as 50 or 0.5.`);
}

function fileOf(path: string): Load {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new LoadError(path, undefined, `${whyUnread(error)}. A load is ${LOAD_FORMS.join(', ')}.`);
  }
  // What has other bytes is a picture, a sheet, or text as spreadsheets call it "Unicode".
  const line = text.split(/\r\n|\n|\r/).findIndex((one) => /[\0\uFFFD]/.test(one)) + 1;
  if (line > 0) throw new LoadError(path, line, 'is no text in UTF-8. Fix: save it as "CSV UTF-8".');
  return path.endsWith('.json') ? parsePrometheusLoad(text, path) : parseCsvLoad(text, path);
}

function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'is neither a file nor the name of a load';
  return code === 'EISDIR' ? 'is a folder' : `cannot be read: ${message}`;
}
