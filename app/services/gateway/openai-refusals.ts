import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { ServiceError } from '../../runtime/errors.js';

/**
 * Refuses a field that the platform does not know, by its name and in OpenAI's words, before the rest of the request is looked at.
 * `null` is OpenAI's way of leaving a field out, and so are a list and an object that hold nothing.
 */
export function refuseUnknownFields(schema: z.ZodObject) {
  const known = Object.keys(schema.shape);
  return async ({ body }: FastifyRequest): Promise<void> => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
    const fields = body as Record<string, unknown>;
    for (const [field, value] of Object.entries(fields)) {
      if (known.includes(field)) continue;
      if (!isLeftOut(value)) {
        throw new ServiceError({
          status: 400,
          code: 'unsupported_parameter',
          param: field,
          message: `${field} is not taken here: leave it out. These are: ${known.join(', ')}.`,
        });
      }
      delete fields[field];
    }
  };
}

function isLeftOut(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
