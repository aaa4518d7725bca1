import * as z from 'zod';

/** What one setting may be: where it comes from in a cluster decides how the kit renders it. */
export interface Setting<T = unknown> {
  /** Environment variable. A process also accepts `<env>_FILE`, the path of a file that holds the value. */
  readonly env: string;
  /** Parses the variable's text into the value that the process uses. */
  readonly schema: z.ZodType<T>;
  readonly description: string;
  /** A secret reaches a pod by reference only: a mounted file, or by choice a `secretKeyRef`. */
  readonly secret: boolean;
  /** Text used when the variable is absent. Without one the setting is required. */
  readonly default?: string;
  /** An absent optional setting is `undefined`. */
  readonly optional: boolean;
}

/** What each kind of setting is known for at compile time, so that a deployment must give exactly what has no default. */
export type RequiredSetting<T> = Setting<T> & {
  readonly secret: false;
  readonly optional: false;
  readonly default?: never;
};
export type DefaultedSetting<T> = Setting<T> & { readonly secret: false; readonly default: string };
export type OptionalSetting<T> = Setting<T | undefined> & { readonly secret: false; readonly optional: true };
export type SecretSetting<T> = Setting<T> & { readonly secret: true; readonly optional: false };
export type OptionalSecretSetting<T> = Setting<T | undefined> & { readonly secret: true; readonly optional: true };

/** Settings of one process, by the name under which its code reads them. */
export type SettingsShape = Readonly<Record<string, Setting>>;

/** The parsed values of a {@link SettingsShape}. */
export type SettingsOf<S extends SettingsShape> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

interface SettingProps<T> {
  readonly schema: z.ZodType<T>;
  readonly description: string;
}

const ENV_NAME = /^[A-Z][A-Z0-9_]*$/;

function define<T, const R extends Pick<Setting<T>, 'secret' | 'optional' | 'default'>>(
  env: string,
  props: SettingProps<T>,
  rest: R,
): SettingProps<T> & { readonly env: string } & R {
  if (!ENV_NAME.test(env)) {
    throw new Error(`Setting "${env}": a name is upper case with underscores, such as REDIS_URL.`);
  }
  const parsed = props.schema.safeParse(rest.default);
  if (rest.default !== undefined && !parsed.success) {
    const problems = parsed.error.issues.map(({ message }) => message).join('; ');
    throw new Error(
      `Setting ${env}: its default ${JSON.stringify(rest.default)} is refused by its own schema: ${problems}.`,
    );
  }
  return { env, ...props, ...rest };
}

/** A setting that every environment must give. */
export function requiredSetting<T>(env: string, props: SettingProps<T>): RequiredSetting<T> {
  return define(env, props, { secret: false, optional: false });
}

/** A setting with a default, given as the text that the variable would hold. */
export function setting<T>(env: string, props: SettingProps<T> & { readonly default: string }): DefaultedSetting<T> {
  const { default: text, ...own } = props;
  return define(env, own, { secret: false, optional: false, default: text });
}

/** A setting whose absence means something; the process sees `undefined`. */
export function optionalSetting<T>(env: string, props: SettingProps<T>): OptionalSetting<T> {
  return define(env, { ...props, schema: props.schema.optional() }, { secret: false, optional: true });
}

/** A required secret. */
export function secretSetting<T>(env: string, props: SettingProps<T>): SecretSetting<T> {
  return define(env, props, { secret: true, optional: false });
}

/** A secret that an environment may leave out, such as the key of a provider that it does not use. */
export function optionalSecretSetting<T>(env: string, props: SettingProps<T>): OptionalSecretSetting<T> {
  return define(env, { ...props, schema: props.schema.optional() }, { secret: true, optional: true });
}

/** Text forms that settings take, each reading the string of an environment variable. */
export const settingText = {
  string: z.string().min(1),
  url: z.url(),
  integer: (min: number, max: number) =>
    z
      .string()
      .regex(/^-?\d+$/, 'is not a whole number')
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
  number: (min: number, max: number) => z.string().min(1).transform(Number).pipe(z.number().min(min).max(max)),
  boolean: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Comma-separated list; an empty string is an empty list. */
  list: z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
} as const;

/** One bad setting: which variable, and why. Never the value of a secret. */
export interface SettingProblem {
  readonly env: string;
  readonly problem: string;
}

/** Settings could not be read. All bad keys at once, so that one restart mends them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(
    readonly process: string,
    readonly problems: readonly SettingProblem[],
  ) {
    super(
      `${process}: ${problems.length} bad setting${problems.length === 1 ? '' : 's'}\n` +
        problems.map(({ env, problem }) => `  ${env}: ${problem}`).join('\n'),
    );
  }
}

/**
 * Reads a process's settings from its environment.
 *
 * @param readFile reads the file that a `<NAME>_FILE` variable points to (a mounted secret).
 * @throws {SettingsError} naming every missing or malformed setting.
 */
export function parseSettings<S extends SettingsShape>(
  process: string,
  shape: S,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): SettingsOf<S> {
  const problems: SettingProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(shape)) {
    const text = textOf(setting, env, readFile);
    if (text instanceof Error) {
      problems.push({ env: setting.env, problem: text.message });
      continue;
    }
    if (text === undefined && !setting.optional) {
      problems.push({ env: setting.env, problem: `is missing: ${setting.description}` });
      continue;
    }
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[key] = parsed.data;
    else problems.push({ env: setting.env, problem: describe(setting, text, parsed.error) });
  }
  if (problems.length > 0) throw new SettingsError(process, problems);
  return values as SettingsOf<S>;
}

function textOf(
  setting: Setting,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): string | undefined | Error {
  const path = env[`${setting.env}_FILE`];
  if (path === undefined) return env[setting.env] ?? setting.default;
  try {
    return readFile(path).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new Error(`${setting.env}_FILE cannot be read: ${reason}`);
  }
}

function describe(setting: Setting, text: string | undefined, error: z.ZodError): string {
  const told = ({ path, message }: z.core.$ZodIssue) => (path.length > 0 ? `${path.join('.')}: ${message}` : message);
  const reason = error.issues.map(told).join('; ');
  return setting.secret ? `${reason} (value not shown)` : `${JSON.stringify(text)} ${reason}`;
}
