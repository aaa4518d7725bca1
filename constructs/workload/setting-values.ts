import {
  type Setting,
  type SettingProblem,
  SettingsError,
  type SettingsShape,
} from '../../contract/vocabulary/index.js';
import { badValues, badValueText } from '../bad-value.js';
import { type SecretRef, secretRef } from './secret-ref.js';

type KeysWithoutDefault<S extends SettingsShape> = {
  [K in keyof S]: S[K] extends { readonly default: string } | { readonly optional: true } ? never : K;
}[keyof S];

type Given<T extends Setting> = T extends { readonly secret: true }
  ? SecretRef
  : T extends Setting<infer V>
    ? ReadonlyValue<NonNullable<V>>
    : never;

type ReadonlyValue<V> = V extends readonly (infer Item)[] ? readonly Item[] : V;

/**
 * What a deployment gives a process, by the names under which the process reads its settings and in the process's own types;
 * a secret by reference. The compiler asks for every setting that has no default.
 */
export type SettingValues<S extends SettingsShape> = string extends keyof S
  ? Readonly<Record<string, unknown>> // Of some process or other: checked at synthesis alone.
  : { readonly [K in KeysWithoutDefault<S>]: Given<S[K]> } & {
      readonly [K in Exclude<keyof S, KeysWithoutDefault<S>>]?: Given<S[K]> | undefined;
    };

export interface RenderedSettings {
  /** Text of every plain setting that has a value or a default, by environment variable. */
  readonly plain: Readonly<Record<string, string>>;
  /** Secret of every secret setting that is given, by environment variable. */
  readonly secrets: Readonly<Record<string, SecretRef>>;
}

/**
 * Turns typed values into what a pod gets. Defaults are written out too, so that the ConfigMap tells the whole configuration.
 * @throws {SettingsError} naming every value that the process would refuse at start, and every value that it would not read.
 */
export function renderSettings<S extends SettingsShape>(
  process: string,
  shape: S,
  values: SettingValues<S>,
): RenderedSettings {
  const given = new Map<string, unknown>(Object.entries(values));
  const problems: SettingProblem[] = [...given.keys()]
    .filter((key) => !Object.hasOwn(shape, key))
    .map((key) => ({ env: key, problem: `is no setting of this process (${Object.keys(shape).join(', ')})` }));
  const plain: Record<string, string> = {};
  const secrets: Record<string, SecretRef> = {};
  for (const [key, setting] of Object.entries(shape)) {
    const value = given.get(key);
    if (isSecretRef(value)) {
      secrets[setting.env] = value;
      problems.push(...secretProblems(setting.env, value));
    }
    const text = value === undefined ? setting.default : textOf(value);
    if (text === undefined) {
      if (!setting.optional) problems.push({ env: setting.env, problem: `is missing: ${setting.description}` });
    } else if (setting.secret !== isSecretRef(value)) {
      problems.push({
        env: setting.env,
        problem: setting.secret ? 'is a secret: give {secret, key}' : 'is no secret: give its value',
      });
    } else if (!setting.secret) {
      const parsed = setting.schema.safeParse(text);
      if (parsed.success) plain[setting.env] = text;
      else
        problems.push({
          env: setting.env,
          problem: `${JSON.stringify(text)} ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
        });
    }
  }
  if (problems.length > 0) throw new SettingsError(process, problems);
  return { plain, secrets };
}

function secretProblems(env: string, value: SecretRef): SettingProblem[] {
  const parsed = secretRef.safeParse(value, { jitless: true });
  if (parsed.success) return [];
  return badValues(parsed.error, value).map((bad) => ({ env, problem: `has ${badValueText(bad)}` }));
}

function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === 'object' && value !== null && 'secret' in value && 'key' in value;
}

/** The text that the process parses back into `value`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return JSON.stringify(value);
}
