import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { load, Schema, timestampTag, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import type { Finding, Manifest } from '../constructs/index.js';
import { originReader } from './origins-file.js';

/** What a file holds, and what of it is no manifest. */
export interface ManifestFile {
  /** The path as it was given, and from there on. */
  readonly path: string;
  readonly manifests: readonly Manifest[];
  readonly findings: readonly Finding[];
}

const EXTENSIONS = /\.(ya?ml|json)$/;
/** As kubectl reads it: YAML 1.1, but what looks like a date stays text. */
const SCHEMA = new Schema(YAML11_SCHEMA.tags.filter((tag) => tag !== timestampTag));
/** Says what kustomize does with the others; it is no object itself. */
const KUSTOMIZATION = /^kustomization\.ya?ml$/i;

/**
 * Reads every YAML and JSON file below a folder, or one file, in the order of their paths.
 *
 * @throws an error of the file system if there is no such folder.
 */
export function readManifestFiles(path: string): readonly ManifestFile[] {
  const originOf = originReader();
  return pathsBelow(path).map((file) => {
    const read = manifestFile(file, readFileSync(file, 'utf8'));
    return { ...read, manifests: read.manifests.map((one) => ({ ...one, ...originOf(file, one.value) })) };
  });
}

function pathsBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && EXTENSIONS.test(entry.name) && !KUSTOMIZATION.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !isHidden(file.slice(path.length)))
    .sort();
}

/** Of tools, such as `.git`, or of packages. */
function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.') || part === 'node_modules');
}

function manifestFile(path: string, text: string): ManifestFile {
  const manifests: Manifest[] = [];
  const findings: Finding[] = [];
  for (const { line, source } of documents(text)) {
    try {
      for (const value of objectsIn(load(source, { schema: SCHEMA, filename: basename(path) }))) {
        if (isObject(value)) manifests.push({ value, file: path });
        else findings.push(unreadable(path, line, `${JSON.stringify(value).slice(0, 60)} has no apiVersion and kind.`));
      }
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      findings.push(unreadable(path, Math.max(line, (error.mark?.line ?? 0) + 1), `${error.reason}.`));
    }
  }
  return { path, manifests, findings };
}

/** The documents of a file, each behind as many empty lines as stand before it, so that errors tell the file's own line. */
function documents(text: string): readonly { readonly line: number; readonly source: string }[] {
  const lines = text.split(/\r?\n/);
  const starts = [-1, ...lines.flatMap((line, i) => (/^---(\s|$)/.test(line) ? [i] : []))];
  return starts.flatMap((start, i) => {
    const [first = '', ...rest] = lines.slice(Math.max(start, 0), starts[i + 1]);
    const own = start < 0 ? [first, ...rest] : [first.slice(3), ...rest];
    if (own.every((line) => /^\s*([#%].*|\.\.\.)?$/.test(line))) return [];
    return [{ line: Math.max(start, 0) + 1, source: '\n'.repeat(Math.max(start, 0)) + own.join('\n') }];
  });
}

/** Objects of a document: one, or those of a `List`. */
function objectsIn(document: unknown): readonly unknown[] {
  if (document === null || document === undefined) return [];
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.flatMap(objectsIn)
    : [document];
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

function unreadable(file: string, line: number, message: string): Finding {
  return {
    rule: 'unreadable-manifest',
    severity: 'error',
    object: `line ${line}`,
    message,
    fix: 'write a Kubernetes object in YAML or JSON; render templates before they are checked.',
    file,
  };
}
