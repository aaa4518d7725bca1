import type { RouterScore } from './evaluate-outcomes.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [720, 440, 70, 60, 30, 20];
const COLOURS = ['#0b5fa5', '#b3541e', '#6b6b6b'] as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** Quality against the share of calls that go to the strong model, and so against cost, one line for each router. */
export function curveSvg(routers: readonly Pick<RouterScore, 'name' | 'curve'>[]): string {
  const qualities = routers.flatMap(({ curve }) => curve.map(({ quality }) => quality));
  const [low, high] = [Math.min(...qualities), Math.max(...qualities)];
  const x = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const y = (quality: number) =>
    HEIGHT - BOTTOM - ((quality - low) / Math.max(high - low, 1e-9)) * (HEIGHT - BOTTOM - TOP);
  const label = (at: number, top: number, text: string, anchor = 'middle') =>
    `<text x="${at.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${text}</text>`;
  const lines = routers.map(({ curve }, i) => {
    const points = curve.map((point) => `${x(point.strongShare).toFixed(1)},${y(point.quality).toFixed(1)}`);
    return `<polyline fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2" points="${points.join(' ')}"/>`;
  });
  const legend = routers.map(({ name }, i) => {
    const top = HEIGHT - BOTTOM - 14 - 20 * (routers.length - 1 - i);
    const box = `<rect x="${WIDTH - 200}" y="${top - 10}" width="12" height="12" fill="${COLOURS[i % COLOURS.length]}"/>`;
    return `${box}${label(WIDTH - 182, top, name, 'start')}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>Quality by share of strong calls</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="#222"/>`,
    ...TICKS.map((tick) => label(x(tick), HEIGHT - BOTTOM + 20, `${100 * tick} %`)),
    ...TICKS.map((tick) => {
      const quality = low + tick * (high - low);
      return label(LEFT - 8, y(quality) + 4, quality.toFixed(3), 'end');
    }),
    label(x(0.5), HEIGHT - 16, 'calls that go to the strong model'),
    label(LEFT, TOP - 12, 'quality', 'middle'),
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}
