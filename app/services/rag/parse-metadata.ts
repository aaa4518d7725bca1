import * as z from 'zod';
import { errors } from '../../runtime/errors.js';

const metadata = z.record(z.string().regex(/^\w{1,64}$/), z.string().max(512));

/** Reads filterable metadata from its JSON text. @throws 400 unless it is an object of strings */
export function parseMetadata(text: string): Readonly<Record<string, string>> {
  try {
    return metadata.parse(JSON.parse(text));
  } catch {
    throw errors.invalid('metadata', 'must be a JSON object of strings, such as {"topic":"news"}');
  }
}
