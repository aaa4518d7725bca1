import { expect, it } from '@jest/globals';
import { usageCsv } from './usage-csv.js';

it('writes a report as a table, money to the micro-dollar, and nothing that a spreadsheet would run', () => {
  const row = {
    day: '2026-01-31',
    feature: '=1+1',
    model: 'a "b", c',
    calls: 2,
    estimated_calls: 0,
    cache_hits: 1,
    input_tokens: 10,
    output_tokens: 5,
    cost_usd: 0.000001,
    saved_usd: 0,
  };
  expect(usageCsv({ rows: [row] }).split('\r\n')).toEqual([
    'day,feature,model,calls,estimated_calls,cache_hits,input_tokens,output_tokens,cost_usd,saved_usd',
    `2026-01-31,'=1+1,"a ""b"", c",2,0,1,10,5,0.000001,0.000000`,
    '',
  ]);
});
