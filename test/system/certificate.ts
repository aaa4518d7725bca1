import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from './tools.js';

/** A certificate and its key, as files and, of the certificate, as text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly pem: string;
}

/** A certificate that vouches for itself, as cert-manager's `selfSigned` issuer makes them. @param hosts names that it is for */
export function selfSigned(folder: string, name: string, hosts: readonly string[]): Certificate {
  const [certFile, keyFile] = ['crt', 'key'].map((kind) => join(folder, `${name}.${kind}`)) as [string, string];
  const { status, stderr } = judge('openssl', [
    ...['req', '-x509', '-nodes', '-days', '1', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  if (status !== 0) throw new Error(`openssl made no certificate for ${name}: ${stderr}`);
  return { certFile, keyFile, pem: readFileSync(certFile, 'utf8') };
}
