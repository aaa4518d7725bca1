import { clockText } from '../load/clock.js';

export interface Line {
  readonly name: string;
  readonly values: readonly number[];
  /** Steps stay until the next value, as replicas do. */
  readonly steps?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly startSeconds: number;
  /** Time of each value, since the start. */
  readonly seconds: readonly number[];
}

const WIDTH = 640;
const HEIGHT = 220;
const MARGIN = { left: 56, right: 8, top: 8, bottom: 24 } as const;
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom } as const;
/** Points beyond this are closer than a pixel. */
const MOST_POINTS = 640;

/** A chart as SVG, with a title and a legend; its colours come from the page. */
export function lineChart({ title, unit, lines, startSeconds, seconds }: LineChart): string {
  const end = seconds.at(-1) ?? 1;
  const top = niceCeiling(Math.max(0, ...lines.map(({ values }) => values.reduce((a, b) => Math.max(a, b), 0))));
  const x = (at: number) => MARGIN.left + (PLOT.width * at) / end;
  const y = (value: number) => MARGIN.top + PLOT.height * (1 - value / top);
  const grid = evenSteps(top).map((value) => {
    return `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/><text class="tick" x="${MARGIN.left - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">${figure(value)}</text>`;
  });
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text class="tick" x="${fixed(x(share * end))}" y="${HEIGHT - 6}" text-anchor="${anchor}">${clockText(startSeconds + share * end)}</text>`;
  });
  const paths = lines.map(
    ({ name, values, steps = false }, i) =>
      // The name too, for whom a colour says nothing: a browser shows it beside the pointer.
      `<path class="line c${i % 8}" d="${pathOf(thinned(values, seconds), steps, x, y)}"><title>${escaped(name)}</title></path>`,
  );
  const legend = lines.map(({ name }, i) => `<span class="key c${i % 8}">${escaped(name)}</span>`);
  return `<figure><figcaption>${escaped(title)} <small>${escaped(unit)}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${title}, ${unit}`)}">${[...grid, ...times, ...paths].join('')}</svg><div class="legend">${legend.join('')}</div></figure>`;
}

type Point = readonly [seconds: number, value: number];

/** Of each stretch the highest value: what a chart must not lose. */
function thinned(values: readonly number[], seconds: readonly number[]): Point[] {
  const size = Math.ceil(values.length / MOST_POINTS);
  const points: Point[] = [];
  for (let from = 0; from < values.length; from += size) {
    const stretch = values.slice(from, from + size);
    const at = stretch.indexOf(stretch.reduce((a, b) => Math.max(a, b)));
    points.push([seconds[from + at] ?? 0, stretch[at] ?? 0]);
  }
  return points;
}

function pathOf(
  points: readonly Point[],
  steps: boolean,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  return points
    .map(([at, value], i) => {
      const place = `${fixed(x(at))} ${fixed(y(value))}`;
      if (i === 0) return `M${place}`;
      return steps ? `H${fixed(x(at))}V${fixed(y(value))}` : `L${place}`;
    })
    .join('');
}

/** The next of 1, 2, 4, 5 and 8 times a power of ten: {@link evenSteps} divides it. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 5, 8, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10);
}

/** From 0 to what {@link niceCeiling} gives, in steps that are figures of one digit where there are any. */
export function evenSteps(top: number): number[] {
  const digit = Math.round(top / 10 ** Math.floor(Math.log10(top)));
  const steps = digit === 1 || digit === 5 ? 5 : 4;
  return Array.from({ length: steps + 1 }, (_, i) => (top * i) / steps);
}

export function figure(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
