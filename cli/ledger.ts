import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { SqlLedger } from '../app/adapters/sql/sql-ledger.js';
import { type InvoiceLine, type Reconciliation, reconcile } from '../app/ledger/reconcile.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';
import { withDatabase } from './with-database.js';

export interface ReconcileOptions {
  readonly provider: string;
  readonly from: Date;
  readonly to: Date;
  /** SQLite file of `armature start --data`. @default the PostgreSQL of the settings */
  readonly database?: string;
}

const line = z.object({
  id: z.string().min(1),
  input_tokens: z.int().min(0),
  output_tokens: z.int().min(0),
  cost_micro_usd: z.int().min(0),
});

/** `armature ledger reconcile FILE`: holds the ledger against a provider's invoice and takes its amounts over. */
export async function runReconcile(file: string, options: ReconcileOptions): Promise<void> {
  try {
    if (options.from >= options.to) {
      throw new InvoiceError(
        `--to ${options.to.toISOString()} is not after --from ${options.from.toISOString()}; --to is the end of the time that is invoiced, exclusive.`,
      );
    }
    const { provider, from, to, database } = options;
    const invoice = readInvoice(file);
    await withDatabase('armature ledger', database === undefined ? {} : { file: existing(database) }, async (db) => {
      const props = { ledger: new SqlLedger(db), invoice, provider, from: from.getTime(), to: to.getTime() };
      const result = await reconcile(props);
      print(describe(result));
      if (result.differenceAfter !== 0) process.exitCode = EXIT_FAILURE;
    });
  } catch (error) {
    if (!(error instanceof InvoiceError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

/** What a person can mend: told in one line, without a stack. */
class InvoiceError extends Error {
  override readonly name = 'InvoiceError';
}

function readInvoice(file: string): InvoiceLine[] {
  const placeOf = new Map<string, number>();
  return textOf(file)
    .split('\n')
    .flatMap((text, i) => {
      if (text.trim() === '') return [];
      const parsed = line.safeParse(parseJson(text));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new InvoiceError(
          `${file}:${i + 1}: ${issue?.path.join('.')} ${issue?.message}. A line is {"id", "input_tokens", "output_tokens", "cost_micro_usd"}, whole numbers from 0.`,
        );
      }
      const { id, input_tokens: inputTokens, output_tokens: outputTokens, cost_micro_usd: costMicroUsd } = parsed.data;
      const before = placeOf.get(id);
      if (before !== undefined) {
        throw new InvoiceError(
          `${file}:${i + 1}: ${id} is on line ${before} already. A call has one line: add up what it was charged.`,
        );
      }
      placeOf.set(id, i + 1);
      return [{ id, inputTokens, outputTokens, costMicroUsd }];
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvoiceError(
      `Cannot read the invoice "${file}": ${(error as Error).message}. It is JSON Lines, one for each call.`,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told as a line that is not one
  }
}

/** Opening would make a database where there is none, in which no call is known. */
function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new InvoiceError(
    `There is no database "${path}". It is the SQLite file in the folder of armature start --data.`,
  );
}

function describe(result: Reconciliation): string {
  const { estimates, corrected, unknown, notInvoiced } = result;
  const errors = estimates.map(({ bookedMicroUsd, invoicedMicroUsd }) => bookedMicroUsd - invoicedMicroUsd);
  const charged = estimates.filter(({ invoicedMicroUsd }) => invoicedMicroUsd > 0);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const off = total(errors.map(Math.abs));
  const of = total(charged.map(({ invoicedMicroUsd }) => invoicedMicroUsd));
  return [
    `${result.lines} calls invoiced: ${result.agreed} agree, ${corrected.length} corrected, ${estimates.length} estimates settled, ${unknown.length} unknown`,
    `estimates: ${charged.length} charged, ${estimates.length - charged.length} not charged; off by ${usd(off)} in all, by ${usd(total(errors))} after their signs, of ${usd(of)} charged`,
    `difference (ledger - invoice): ${usd(result.differenceBefore)} before, ${usd(result.differenceAfter)} now`,
    ...corrected.map(
      ({ id, bookedMicroUsd, invoicedMicroUsd }) =>
        `corrected ${id}: ${usd(bookedMicroUsd)} by the provider's usage, ${usd(invoicedMicroUsd)} by its invoice`,
    ),
    ...unknown.map(({ id, costMicroUsd }) => `unknown ${id}: ${usd(costMicroUsd)}, not in the ledger`),
    ...notInvoiced.map(({ id, costMicroUsd }) => `not invoiced ${id}: ${usd(costMicroUsd)}, left as it is`),
  ].join('\n');
}

function usd(microUsd: number): string {
  return `${microUsd < 0 ? '-' : ''}$${(Math.abs(microUsd) / 1e6).toFixed(6)}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
