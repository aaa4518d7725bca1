import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LoadCursor, peakRps } from './load.js';
import { parseCsvLoad } from './parse-csv.js';
import { readLoad } from './read-load.js';

const csv = (...lines: string[]) => parseCsvLoad(lines.join('\n'), 'promotion.csv');

describe('a load from CSV', () => {
  test('stays until the next row, and the last row for as long as the one before', () => {
    const load = csv('time,rps', '09:00,50', '09:15,500', '09:30,1000');
    expect(load).toMatchObject({ startSeconds: 9 * 3600, durationSeconds: 45 * 60 });
    const cursor = new LoadCursor(load);
    expect([0, 899, 900, 2699].map((at) => cursor.rpsAt(at))).toEqual([50, 50, 500, 1000]);
  });

  test('takes seconds, dates, blank lines, comments and a mix of tiers in shares of any sum', () => {
    const load = csv('# recorded', 'time,rps,free,premium,enterprise', '', '0,1,6,3,1', '60,2,1,0,0');
    expect(load.points[0]?.mix).toEqual({ free: 0.6, premium: 0.3, enterprise: 0.1 });
    const dated = csv('time,rps', '2026-03-01T09:30:00Z,1', '2026-03-01T09:31:00Z,2');
    expect(dated).toMatchObject({ startSeconds: 9.5 * 3600, durationSeconds: 120 });
  });

  test('is read as spreadsheets write it: a mark at its beginning, any end of a line, cells in quotes', () => {
    const plain = parseCsvLoad('time,rps\n09:00,50\n09:15,.5\n', 'a.csv');
    for (const ending of ['\r\n', '\r']) {
      const written = ['\uFEFF"time","rps"', '"09:00", "50"', '', '09:15,".5"', ''].join(ending);
      expect(parseCsvLoad(written, 'a.csv')).toEqual(plain);
    }
  });

  test.each([
    [[''], 'promotion.csv: is empty; it needs a header "time,rps" and at least two rows.'],
    [['time,rps'], 'promotion.csv:1: has no row below its header; it needs at least two.'],
    [['time,rps', '0,5'], 'promotion.csv:1: has one row below its header; it needs at least two.'],
    [['time;rps', '0;5', '60;3'], 'promotion.csv:1: has ";" between its columns; write commas, and points in numbers.'],
    [['time,rps', '0,"\u0000\u001b['], 'promotion.csv:2: has a quote that does not end, or not at a comma: "??['],
    [
      ['time,qps', '0,1'],
      'promotion.csv:1: has no use for the column "qps"; there are time, rps, free, premium, enterprise.',
    ],
    [
      ['rps,free,premium,enterprise', '0,1,1,1'],
      'promotion.csv:1: lacks the column "time"; the header begins "time,rps".',
    ],
    [['time,rps,free', '0,1,1'], 'promotion.csv:1: has a column for free and none for premium, enterprise.'],
    [['time,rps,rps', '0,1,1'], 'promotion.csv:1: has the column "rps" twice.'],
    [['time,rps', '0,1', '60,-3'], 'promotion.csv:3: rps is -3; it cannot be below 0.'],
    [['time,rps', '0,', '60,3'], 'promotion.csv:2: rps is missing; it is a number from 0 up.'],
    [['time,rps', '0,many', '60,3'], 'promotion.csv:2: rps is "many"; it is a number from 0 up, such as 50 or 0.5.'],
    [
      ['time,rps', '0,Infinity', '60,3'],
      'promotion.csv:2: rps is "Infinity"; it is a number from 0 up, such as 50 or 0.5.',
    ],
    [['time,rps', '0,0x10', '60,3'], 'promotion.csv:2: rps is "0x10"; it is a number from 0 up, such as 50 or 0.5.'],
    [['time,rps', '0,1e999', '60,3'], 'promotion.csv:2: rps is "1e999"; it is a number from 0 up, such as 50 or 0.5.'],
    [['time,rps', '0,1', '60,2000000000'], 'promotion.csv:3: rps is 2000000000; 1000000000 is the most.'],
    [['time,rps', `${'9'.repeat(400)},1`, '60,3'], 'promotion.csv:2: time is "999'],
    [['time,rps', '2026-02-30T00:00:00Z,1', '60,3'], 'promotion.csv:2: time is "2026-02-30T00:00:00Z"; it is seconds'],
    [['time,rps', '0,"1', '60,3'], 'promotion.csv:2: has a quote that does not end, or not at a comma: "1'],
    [['time,rps', '0,"1"2', '60,3'], 'promotion.csv:2: has a quote that does not end, or not at a comma: "1"2'],
    [
      ['time,rps', '0,"1,000"', '60,3'],
      'promotion.csv:2: rps is "1,000"; it is a number from 0 up, such as 50 or 0.5.',
    ],
    [['time,rps', '0,1', '60'], 'promotion.csv:3: has 1 values for 2 columns (time, rps).'],
    [
      ['time,rps', '09:15,1', '', '09:00,3'],
      'promotion.csv:4: time 09:00 does not come after the row before it (09:15); sort the rows.',
    ],
    [
      ['time,rps', '0,1', '0,3'],
      'promotion.csv:3: time 0 does not come after the row before it (00:00); sort the rows.',
    ],
    [
      ['time,rps', '25 past,1', '60,3'],
      'promotion.csv:2: time is "25 past"; it is seconds, a time of day such as 09:30, or a date such as 2026-03-01T09:30:00Z.',
    ],
    [
      ['time,rps,free,premium,enterprise', '0,1,0,0,0'],
      "promotion.csv:2: every tier's share is 0; one of free, premium, enterprise must be above it.",
    ],
  ])('%j is refused: %s', (lines, message) => {
    expect(() => csv(...lines)).toThrow(message);
  });
});

describe('a load by its name', () => {
  test.each([
    ['constant:5', 3600, 5],
    ['step:50..500@30m', 1800, 500],
    ['spike:.5..2.5', 3600, 2.5],
    ['diurnal:20..100@7d', 7 * 86_400, 100],
    ['seed:promotion', 5400, 1000],
    ['seed:backlog', 3600, 20],
  ])('%s lasts %d s and reaches %d requests/s', (name, seconds, peak) => {
    const load = readLoad(name);
    expect(load.durationSeconds).toBe(seconds);
    expect(peakRps(load)).toBeCloseTo(peak);
  });

  test('a diurnal load is lowest at 04:00 and highest at 16:00', () => {
    const cursor = new LoadCursor(readLoad('diurnal:20..100'));
    expect(cursor.rpsAt(4 * 3600)).toBeCloseTo(20);
    expect(cursor.rpsAt(10 * 3600)).toBeCloseTo(60);
    expect(cursor.rpsAt(16 * 3600)).toBeCloseTo(100);
  });

  test.each([
    ['constant:5@1y', '"1y" is no duration'],
    ['step:50', 'is not how step is written: step:RPS..RPS[@1h]'],
    ['constant:1..2', 'is not how constant is written: constant:RPS[@1h]'],
    ['constant:5@400d', 'lasts 400 days; a year is the most.'],
    ['nowhere.csv', 'is neither a file nor the name of a load. A load is FILE.csv'],
    ['.', 'is a folder'],
    ['constant:-5@1h', '"-5" is no rate: it is requests per second, such as 50 or 0.5.'],
    ['constant:5rps', '"5rps" is no rate'],
    ['spike:1..2..3', 'is not how spike is written: spike:RPS..RPS[@1h].'],
    ['seed:promo', 'is not how seed is written: seed:promotion or seed:backlog.'],
  ])('%s is refused: %s', (name, message) => {
    expect(() => readLoad(name)).toThrow(message);
  });
});

describe('a recorded trace', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'armature-load-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const saved = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return readLoad(join(folder, name));
  };

  test("is the sum of the series of Prometheus's answer", () => {
    const series = (...values: [number, string][]) => ({ metric: {}, values });
    const result = [series([1800, '1'], [1860, '2.5']), series([1860, '1.5'])];
    const load = saved('ok.json', JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    expect(load).toMatchObject({ startSeconds: 1800, durationSeconds: 120 });
    expect(load.points.map(({ rps }) => rps)).toEqual([1, 4]);
  });

  test('is refused where it is another answer, or a value is none', () => {
    expect(() => saved('vector.json', '{"data":{"resultType":"vector","result":[]}}')).toThrow(/data\.resultType/);
    expect(() => saved('broken.json', '{')).toThrow('is not JSON.');
    expect(() => saved('sheet.csv', 'time,rps\n0\0,\x005\0')).toThrow(
      'sheet.csv:2: is no text in UTF-8. Fix: save it as "CSV UTF-8".',
    );
    const nan = { data: { resultType: 'matrix', result: [{ values: [[0, 'NaN']] }] } };
    expect(() => saved('nan.json', JSON.stringify(nan))).toThrow('has the value "NaN" at 0');
  });
});
