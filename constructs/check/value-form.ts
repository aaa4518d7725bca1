import { isIP } from 'node:net';
import { quantityValue } from './quantity-value.js';

/** What a field takes. */
export interface ValueForm {
  /** What to write instead, to follow "Fix:". */
  readonly fix: string;
  accepts(value: unknown): boolean;
}

function pattern(form: RegExp, fix: string): ValueForm {
  return { fix, accepts: (value) => typeof value === 'string' && form.test(value) };
}

export function wholeNumber(min: number, max: number, unit = 'number'): ValueForm {
  return {
    fix: `write a whole ${unit} from ${min} to ${max}.`,
    accepts: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

export function oneOf(...allowed: readonly string[]): ValueForm {
  return {
    fix: `write ${allowed.join(', ')}.`,
    // An empty text is none: the API server puts its default there.
    accepts: (value) => typeof value === 'string' && (value === '' || allowed.includes(value)),
  };
}

/** YAML takes an unquoted `8080` or `true` for a number or a truth value, and so it does `yes`, `no`, `on`, `off`, `y` and `n`. */
export const text: ValueForm = {
  fix: 'put it in quotes: here Kubernetes takes text alone, and YAML reads numbers, true, yes, no, on, off, y and n as something else.',
  accepts: (value) => typeof value === 'string',
};

export const texts: ValueForm = {
  fix: 'write a list of texts, numbers and yes or no in quotes: ["serve", "--port", "8080"].',
  accepts: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};

export const truth: ValueForm = {
  fix: 'write true or false, without quotes.',
  accepts: (value) => typeof value === 'boolean',
};

/** So many pods, or such a share of them. */
export const countOrPercent: ValueForm = {
  fix: 'write a whole number without quotes, or a percentage with its sign: 1, "25%".',
  accepts: (value) =>
    typeof value === 'string' ? /^\d+%$/.test(value) : Number.isInteger(value) && Number(value) >= 0,
};

export const quantity: ValueForm = {
  fix: 'write a number with one of Kubernetes’ own suffixes: 500m, 2, 512Mi, 10Gi.',
  accepts: (value) => (quantityValue(value) ?? -1) >= 0,
};

export const positiveQuantity: ValueForm = {
  fix: 'write a value above 0: at 0 no number of replicas is enough.',
  accepts: (value) => (quantityValue(value) ?? 0) > 0,
};

export const port = wholeNumber(1, 65_535, 'port');

/** Of what a port is asked for elsewhere: its number, or its name. */
export const portReference: ValueForm = {
  fix: 'write the number of a port, without quotes, or its name.',
  accepts: (value) => (typeof value === 'string' ? portName.accepts(value) : port.accepts(value)),
};

export const protocol = oneOf('TCP', 'UDP', 'SCTP');

export const dnsLabel = pattern(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'use lower case letters, digits and dashes, at most 63.',
);

/** One port alone needs none. */
export const servicePortName: ValueForm = {
  ...dnsLabel,
  accepts: (value) => value === '' || dnsLabel.accepts(value),
};

export const portName = pattern(
  /^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/,
  'use lower case letters, digits and dashes, at most 15.',
);

export const variableName = pattern(/^[A-Za-z_.-][\w.-]*$/, 'use letters, digits and underscores, such as WORD_COUNT.');

export const imageReference = pattern(
  /^(([a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  'write registry/path in lower case, a tag, and at best the digest of 64 hex digits: registry.example.com/shop:1.2.3@sha256:….',
);

/** The first part may stand for any; an empty name is every host's. */
export const hostName = pattern(
  /^$|^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  'write the name alone, in lower case, without scheme, port or path: shop.example.com.',
);

/** A star stands for any of them. */
export const method = pattern(/^[A-Z*]+$/, 'write the method in capitals, as HTTP does: GET.');

export const slashPath = pattern(/^\//, 'begin the path with a slash.');

/** As Prometheus writes it. */
export const promDuration = pattern(/^(\d+(ms|[smhdwy]))+$/, 'write it with its unit: 30s.');

export const timeZone: ValueForm = {
  fix: 'write a name of the time zone database: Etc/UTC, Europe/Berlin.',
  accepts: (value) => typeof value === 'string' && isTimeZone(value),
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

/** As Istio writes it. */
export const duration = pattern(/^(\d+(\.\d+)?(h|ms|m|s))+$/, 'write it with its unit: 38s.');

/** Of a pod of Windows with its drive. */
export const absolutePath = pattern(/^(\/|[A-Za-z]:[\\/])[^:]*$/, 'begin the path with a slash.');

export const relativePath = pattern(
  /^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/,
  'name a file below the mount, without a slash before it or .. in it.',
);

/** YAML reads `0440` as octal and JSON knows no octal: a mode's own digits, taken for a decimal number, are another mode. */
export const fileMode: ValueForm = {
  fix: 'write the mode in octal, with its leading zero: 0440, 0644 (288, 420 in JSON).',
  accepts: (value) => wholeNumber(0, 0o777).accepts(value) && ![400, 440, 444, 500].includes(Number(value)),
};

export const addressRange: ValueForm = {
  fix: 'write an address and the length of its network: 10.0.0.0/16, or /32 for one address.',
  accepts: (value) => {
    const [address = '', bits = '', ...more] = typeof value === 'string' ? value.split('/') : [];
    const longest = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return more.length === 0 && /^\d+$/.test(bits) && Number(bits) <= longest;
  },
};
