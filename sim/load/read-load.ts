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
  const [, kind, from = '', to, duration] =
    /^(constant|step|spike|diurnal):(\d*\.?\d+)(?:\.\.(\d*\.?\d+))?(?:@(.+))?$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const seconds = duration === undefined ? undefined : durationSecondsOf(duration);
  if (duration !== undefined && seconds === undefined) {
    throw new LoadError(text, undefined, `"${duration}" is no duration, such as 90s, 15m, 24h or 7d.`);
  }
  const [low, high] = [from, to].map((part) => (part === undefined ? undefined : Number(part)));
  if (low === undefined || !Number.isFinite(low) || (high !== undefined && !Number.isFinite(high))) {
    throw new LoadError(text, undefined, 'names no rate: a rate is requests per second, such as 50 or 0.5.');
  }
  if (kind === 'constant' && high === undefined) return constantLoad(low, seconds);
  if (kind === 'constant' || high === undefined) {
    throw new LoadError(
      text,
      undefined,
      `is not how ${kind} is written: ${LOAD_FORMS.find((form) => form.startsWith(kind))}.`,
    );
  }
  return PAIRS[kind as keyof typeof PAIRS](low, high, seconds);
}

function fileOf(path: string): Load {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LoadError(path, undefined, `cannot be read: ${why}. A load is ${LOAD_FORMS.join(', ')}.`);
  }
  return path.endsWith('.json') ? parsePrometheusLoad(text, path) : parseCsvLoad(text, path);
}
