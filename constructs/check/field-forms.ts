import * as form from './value-form.js';

/** Fields, and what they take. Paths are dotted; `*` stands for each entry of a list or mapping. */
export type FieldForms = Readonly<Record<string, form.ValueForm>>;

/** Of every object. */
export const commonFields: FieldForms = { 'metadata.annotations.*': form.text };

/** Forms that fields of several kinds have. */
export const MOST_REPLICAS = 2 ** 31 - 1;
export const HOUR_SECONDS = 3600;
export const count = form.wholeNumber(0, MOST_REPLICAS);
export const positiveCount = form.wholeNumber(1, MOST_REPLICAS);
/** Whoever waits longer wrote milliseconds. */
export const fewHours = form.wholeNumber(0, 6 * HOUR_SECONDS, 'number of seconds');

/** The same fields of each entry of a list. */
export function below(list: string, forms: FieldForms): FieldForms {
  return Object.fromEntries(Object.entries(forms).map(([path, one]) => [`${list}.*.${path}`, one]));
}
