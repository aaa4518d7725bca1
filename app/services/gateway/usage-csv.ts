import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { orchestratorApi, type UsageReport, type UsageRow, usageRow } from '../../../contract/index.js';
import { answerAs, answersOf } from './answers.js';
import { callerOf, type Entrance, identified } from './entrance.js';

const COLUMNS = Object.keys(usageRow.shape) as readonly (keyof UsageRow)[];

/** `GET /usage/csv`: what `GET /usage` tells, as a table. */
export function addUsageCsv(app: FastifyInstance, entrance: Entrance): void {
  const { query, service, summary } = orchestratorApi.usage;
  app.get('/usage/csv', {
    schema: {
      tags: [service.name],
      summary: `${summary} As a table.`,
      querystring: query,
      response: answersOf({ 200: answerAs(['text/csv'], z.string()) }),
    },
    ...identified(entrance),
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      const asked = { query: request.query as z.input<typeof query> };
      const report = await entrance.client.call(orchestratorApi.usage, asked, caller);
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="usage.csv"');
      return usageCsv(report);
    },
  });
}

/** A report's rows as RFC 4180 has them, with a head. Money has six decimals, to the last micro-dollar. */
export function usageCsv({ rows }: Pick<UsageReport, 'rows'>): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(column, row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(column: keyof UsageRow, value: string | number): string {
  const text = column.endsWith('_usd') ? Number(value).toFixed(6) : String(value);
  // A spreadsheet runs what begins so as a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
