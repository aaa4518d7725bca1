import { textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

const SHORTHANDS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Least and most of each field: minute, hour, day of the month, month, day of the week. */
const BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

const MONTHS = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i;
const DAYS = /^(sun|mon|tue|wed|thu|fri|sat)$/i;

/** A part of a field, as Kubernetes' own parser takes it (robfig/cron): a star, a number, a range, each with a step. */
function isPart(part: string, place: number): boolean {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !(Number(step) > 0))) return false;
  if (range === '*' || range === '?') return true;
  const ends = range.split('-').map((end) => numberOf(end, place));
  const [least, most] = BOUNDS[place] ?? [0, 0];
  const [from = -1, to = from] = ends;
  return ends.length <= 2 && ends.every((end) => end >= least && end <= most) && from <= to;
}

/** Names of months and days; -1 where it is neither a number nor one of them. */
function numberOf(text: string, place: number): number {
  if ((place === 3 && MONTHS.test(text)) || (place === 4 && DAYS.test(text))) {
    const names = place === 3 ? 'janfebmaraprmayjunjulaugsepoctnovdec' : 'sunmontuewedthufrisat';
    return names.indexOf(text.toLowerCase()) / 3 + (place === 3 ? 1 : 0);
  }
  return /^\d+$/.test(text) ? Number(text) : -1;
}

function isSchedule(schedule: string): boolean {
  if (schedule.startsWith('@')) return SHORTHANDS.includes(schedule) || /^@every \d/.test(schedule);
  const fields = schedule.trim().split(/\s+/);
  return (
    fields.length === BOUNDS.length &&
    fields.every((field, place) => field.split(',').every((part) => isPart(part, place)))
  );
}

export const scheduleRules: readonly Rule[] = [
  objectRule({
    kinds: ['CronJob'],
    id: 'invalid-schedule',
    severity: 'error',
    why: 'The API server refuses a CronJob whose schedule it cannot read.',
    fix: 'write five fields: minute, hour, day of the month, month, day of the week (0 to 6); a time zone goes into spec.timeZone.',
    violation: ({ value }) => {
      const schedule = textAt(value, 'spec.schedule') ?? '';
      return !isSchedule(schedule) && `spec.schedule is "${schedule}".`;
    },
  }),
];
