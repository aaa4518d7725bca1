import { type Fields, listAt, mapAt, textAt, textsAt } from './field.js';

/** Whether labels have all that a plain selector asks for, such as a Service's. An empty one asks for nothing. */
export function hasLabels(labels: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a LabelSelector (`matchLabels`, `matchExpressions`) takes these labels. An empty one takes all. */
export function selects(selector: unknown, labels: Fields): boolean {
  return (
    hasLabels(labels, mapAt(selector, 'matchLabels')) &&
    listAt(selector, 'matchExpressions').every((expression) => holds(expression, labels))
  );
}

export function isEmptySelector(selector: unknown): boolean {
  return Object.keys(mapAt(selector, 'matchLabels')).length + listAt(selector, 'matchExpressions').length === 0;
}

function holds(expression: unknown, labels: Fields): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const values = textsAt(expression, 'values');
  const isOneOf = typeof value === 'string' && values.includes(value);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return isOneOf;
    case 'NotIn':
      return !isOneOf;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Labels or a selector in one line, for messages. */
export function labelText(labels: Fields): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

export function selectorText(selector: unknown): string {
  const expressions = listAt(selector, 'matchExpressions').map((expression) =>
    [textAt(expression, 'key'), textAt(expression, 'operator'), textsAt(expression, 'values').join('|')]
      .filter(Boolean)
      .join(' '),
  );
  return [labelText(mapAt(selector, 'matchLabels')), ...expressions].filter(Boolean).join(', ');
}
