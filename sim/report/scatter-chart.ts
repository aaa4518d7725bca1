import { escaped, figure, fixed, niceCeiling } from './line-chart.js';

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** What is shown when somebody points at it. */
  readonly title: string;
}

export interface ScatterChart {
  readonly title: string;
  readonly xUnit: string;
  readonly yUnit: string;
  readonly points: readonly ScatterPoint[];
  /** Joined by steps: what no other point beats in both. */
  readonly front: readonly ScatterPoint[];
  readonly marked: readonly (ScatterPoint & { readonly name: string })[];
  /** A height that is not to be passed. */
  readonly limit: number;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 12, top: 12, bottom: 40 } as const;
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom } as const;

/** What much is bought with: points, their front, and what was and what is to be, as SVG. Points above twice the limit stand at its edge. */
export function scatterChart({ title, xUnit, yUnit, points, front, marked, limit }: ScatterChart): string {
  const right = niceCeiling(Math.max(0, ...points.map(({ x }) => x)));
  const top = 2 * limit;
  const x = (value: number) => fixed(MARGIN.left + (PLOT.width * value) / right);
  const y = (value: number) => fixed(MARGIN.top + PLOT.height * (1 - Math.min(value, top) / top));
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const grid = shares.flatMap((share) => [
    `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(share * top)}" y2="${y(share * top)}"/>`,
    `<text class="tick" x="${MARGIN.left - 6}" y="${Number(y(share * top)) + 4}" text-anchor="end">${figure(share * top)}</text>`,
    `<text class="tick" x="${x(share * right)}" y="${HEIGHT - 22}" text-anchor="middle">${figure(share * right)}</text>`,
  ]);
  const dot = (one: ScatterPoint, look: string, radius: number) =>
    `<circle class="${look}" cx="${x(one.x)}" cy="${y(one.y)}" r="${radius}"><title>${escaped(one.title)}</title></circle>`;
  const steps = front.map((one, i) => (i === 0 ? `M${x(one.x)} ${y(one.y)}` : `H${x(one.x)}V${y(one.y)}`)).join('');
  const names = marked.map((one, i) => `<span class="key c${i + 1}">${escaped(one.name)}</span>`);
  const body = [
    ...grid,
    `<line class="limit" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(limit)}" y2="${y(limit)}"/>`,
    ...points.map((one) => dot(one, 'dot', 2.5)),
    `<path class="line c0" d="${steps}"/>`,
    ...marked.map((one, i) => dot(one, `mark c${i + 1}`, 5)),
    `<text class="tick" x="${WIDTH - MARGIN.right}" y="${HEIGHT - 6}" text-anchor="end">${escaped(xUnit)}</text>`,
  ];
  return `<figure><figcaption>${escaped(title)} <small>${escaped(yUnit)}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${title}: ${yUnit} by ${xUnit}`)}">${body.join('')}</svg><div class="legend">${names.join('')}<span class="key c0">none is better in both</span></div></figure>`;
}
