import type * as z from 'zod';
import type { Operation } from '../../contract/index.js';
import { brokenOff } from './call-errors.js';
import { errors } from './errors.js';

/** Reads what an operation answered, or a part of it where it streams. @throws 502 where it breaks the contract */
export function readAnswer<O extends Operation>(operation: O, text: string): z.output<O['response']> {
  const parsed = operation.response.safeParse(parseJson(operation, text));
  if (parsed.success) return parsed.data as z.output<O['response']>;
  throw errors.upstream(operation.service.name, `its answer breaks the contract (${parsed.error.issues[0]?.message})`);
}

function parseJson(operation: Operation, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenOff(operation, error);
  }
}
