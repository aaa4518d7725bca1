export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly traffic: number; readonly minutes: number }[];
}

export interface Panel {
  readonly title: string;
  readonly solid: readonly Curve[];
  readonly dashed: readonly Curve[];
}

const WIDTH = 460;
const HEIGHT = 340;
const EDGE = { left: 60, right: 70, top: 52, bottom: 46 };
/** Names of curves are at least so far apart. */
const NAME_HEIGHT = 14;
const TRAFFIC_TICKS = [1, 10, 100];
const MINUTE_TICKS = [0.01, 0.1, 1, 10, 100, 1000];
const COLORS = ['#1b6ca8', '#c9541b', '#3a7d44'];

/** Minutes until a rollback over requests per second, both logarithmic, as an SVG; a panel beside the other. */
export function delayPlot(panels: readonly Panel[]): string {
  const width = WIDTH * panels.length;
  const drawn = panels.map((panel, i) => `<g transform="translate(${i * WIDTH} 0)">${drawPanel(panel)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>Minutes until a canary that does worse is rolled back, over the requests per second</title>
<rect width="${width}" height="${HEIGHT}" fill="white"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, solid, dashed }: Panel): string {
  return [
    text(WIDTH / 2, 18, title, 'middle'),
    ...TRAFFIC_TICKS.flatMap((tick) => [
      line(xOf(tick), EDGE.top, xOf(tick), HEIGHT - EDGE.bottom),
      text(xOf(tick), HEIGHT - EDGE.bottom + 16, `${tick}`, 'middle'),
    ]),
    ...MINUTE_TICKS.flatMap((tick) => [
      line(EDGE.left, yOf(tick), WIDTH - EDGE.right, yOf(tick)),
      text(EDGE.left - 6, yOf(tick) + 4, `${tick}`, 'end'),
    ]),
    text((EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 10, 'requests/s of the service', 'middle'),
    text(EDGE.left - 6, EDGE.top - 14, 'minutes', 'end'),
    ...solid.map((curve, i) => draw(curve, COLORS[i % COLORS.length] ?? 'black', '')),
    ...dashed.map((curve, i) => draw(curve, COLORS[i % COLORS.length] ?? 'black', ' stroke-dasharray="5 4"')),
    ...names(solid),
  ].join('\n');
}

function draw({ points }: Curve, color: string, dash: string): string {
  const path = points.map(({ traffic, minutes }) => `${xOf(traffic).toFixed(1)},${yOf(minutes).toFixed(1)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`;
}

/** Each behind the end of its curve, or below the name of one that ends there too. */
function names(curves: readonly Curve[]): readonly string[] {
  const ends = curves
    .flatMap(({ name, points }) => points.slice(-1).map(({ traffic, minutes }) => ({ name, traffic, y: yOf(minutes) })))
    .sort((a, b) => a.y - b.y);
  let free = 0;
  return ends.map(({ name, traffic, y }) => {
    const at = Math.max(y, free);
    free = at + NAME_HEIGHT;
    return text(xOf(traffic) + 6, at + 4, name, 'start');
  });
}

function xOf(traffic: number): number {
  return scale(traffic, 1, 100, EDGE.left, WIDTH - EDGE.right);
}

function yOf(minutes: number): number {
  return scale(minutes, 0.01, 1000, HEIGHT - EDGE.bottom, EDGE.top);
}

function scale(value: number, from: number, to: number, start: number, end: number): number {
  return start + ((end - start) * Math.log(value / from)) / Math.log(to / from);
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}
