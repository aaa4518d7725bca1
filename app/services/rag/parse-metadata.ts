import * as z from 'zod';
import { errors } from '../../runtime/errors.js';
import { refuseUnstorable } from '../../runtime/storable-json.js';

const metadata = z.record(z.string().regex(/^\w{1,64}$/), z.string().max(512));

/** Reads filterable metadata from its JSON text. @throws 400 unless it is an object of strings that can be kept */
export function parseMetadata(text: string): Readonly<Record<string, string>> {
  const parsed = metadata.safeParse(parseJson(text));
  if (!parsed.success) throw errors.invalid('metadata', 'must be a JSON object of strings, such as {"topic":"news"}');
  refuseUnstorable(text, parsed.data);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
