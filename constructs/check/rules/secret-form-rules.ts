import { mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What people type by hand: what comes of it otherwise than as text was never encoded. */
const TYPED = /(^|[^a-z])(user(name)?|pass(word|wd|phrase)?|pwd|host(name)?|url|uri|dsn|e?mail|database|db)$/i;
/** What is compared letter by letter. */
const EXACT = /(^|[^a-z])(user(name)?|pass(word|wd|phrase)?|pwd|token|secret|(api|access|secret)[-_.]?key)$/i;

/** Keys without which the API server refuses a Secret of a type. */
const KEYS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function decoded(text: string): string | undefined {
  const bare = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(bare)) return undefined;
  return new TextDecoder('utf-8', { fatal: false }).decode(Buffer.from(bare, 'base64'));
}

function entriesOf(value: unknown, field: string): readonly (readonly [string, string])[] {
  return Object.entries(mapAt(value, field)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  );
}

/** Of the form of what a Secret holds; no message tells what it is. */
export const secretFormRules: readonly Rule[] = [
  objectRule({
    kinds: ['Secret'],
    id: 'secret-encoding',
    severity: 'error',
    why: 'The API server refuses data that is no base64; of clear text that happens to be some the process gets other letters.',
    fix: 'put the clear text into stringData, or encode it: printf %s TEXT | base64.',
    violation: ({ value }) => [
      ...Object.entries(mapAt(value, 'data'))
        .filter(([, text]) => text !== null && typeof text !== 'string')
        .map(([key]) => `data.${key} is no text.`),
      ...entriesOf(value, 'data').flatMap(([key, text]) => {
        const clear = decoded(text);
        if (clear === undefined) return [`data.${key} is no base64.`];
        return TYPED.test(key) && clear.includes('\uFFFD') ? [`data.${key}, decoded, is no text.`] : [];
      }),
    ],
  }),
  objectRule({
    kinds: ['Secret'],
    id: 'secret-line-break',
    severity: 'warning',
    why: 'A line break at the end, which echo puts there, is part of the secret: the password is another.',
    fix: 'encode it without: printf %s TEXT | base64.',
    violation: ({ value }) =>
      [
        ...entriesOf(value, 'data').map(([key, text]) => [`data.${key}`, decoded(text) ?? ''] as const),
        ...entriesOf(value, 'stringData').map(([key, text]) => [`stringData.${key}`, text] as const),
      ]
        .filter(([key, clear]) => EXACT.test(key) && /^[^\r\n]+\r?\n$/.test(clear))
        .map(([key]) => `${key} ends with a line break.`),
  }),
  objectRule({
    kinds: ['Secret'],
    id: 'secret-type',
    severity: 'error',
    why: 'The API server refuses a Secret that lacks the keys of its type.',
    fix: 'add the keys, or leave the type out.',
    violation: ({ value }) => {
      const type = textAt(value, 'type') ?? '';
      const has = [...Object.keys(mapAt(value, 'data')), ...Object.keys(mapAt(value, 'stringData'))];
      const lacking = (KEYS_OF_TYPE[type] ?? []).filter((key) => !has.includes(key));
      return lacking.length > 0 && `it is of type ${type} and has no ${lacking.join(', ')}.`;
    },
  }),
];
