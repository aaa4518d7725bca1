/** A name that ends like this belongs to something that nobody else should know. */
const SECRET_NAME =
  /(^|[^a-z])(password|passwd|pwd|passphrase|secret|token|credentials?|(api|access|private|secret|encryption|signing)[-_.]?key)$/i;

/** Keys of this form are secret under any name. */
const KNOWN_FORMATS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an API key', /(?<![\w-])sk-[\w-]{20,}/],
  ['an AWS access key', /(?<!\w)A(KIA|SIA)[0-9A-Z]{16}(?!\w)/],
  ['a GitHub token', /(?<!\w)(gh[pousr]_\w{36,}|github_pat_\w{22,})/],
  ['a GitLab token', /(?<!\w)glpat-[\w-]{20,}/],
  ['a Google API key', /(?<!\w)AIza[\w-]{35}/],
  ['a Slack token', /(?<!\w)xox[abprs]-[\w-]{10,}/],
  ['a JSON web token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a URL with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@$<{]*:[^\s/@$<{]+@/i],
];

/** A number, a switch, a path, or a reference to another variable: none of them is a secret itself. */
const NO_SECRET = /^(\d+(\.\d+)?|true|false|yes|no|on|off|none|null|\/.*|\$[({].*)$/i;

/** In camelCase a word starts with a capital: `apiToken` reads `api Token` here. */
function inWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

/**
 * What is secret in a named value, in words that do not tell it: `a private key`, `the literal "hunt…"`. Undefined if nothing is.
 *
 * @param name name of the variable or key; empty if it has none.
 */
export function secretIn(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const known = KNOWN_FORMATS.find(([, form]) => form.test(value));
  if (known !== undefined) return known[0];
  if (!SECRET_NAME.test(inWords(name)) || NO_SECRET.test(value.trim())) return undefined;
  return `the literal "${value.trim().slice(0, Math.min(4, value.length / 2))}…"`;
}
