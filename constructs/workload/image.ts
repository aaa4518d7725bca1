import * as z from 'zod';

/** A digest that was left out on purpose. */
export const unpinnedDigest = z.strictObject({ unpinned: z.string().min(1, 'must say why the image is not pinned') });

/** An image by tag and digest. The tag tells people the version; the digest decides what runs. */
export const imageRef = z.strictObject({
  /** With the registry: `docker.io/library/redis`. */
  repository: z
    .string()
    .regex(
      /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/,
      'must be registry/path in lower case, such as docker.io/library/redis',
    ),
  tag: z.string().regex(/^(?!latest$)[\w][\w.-]{0,127}$/, 'must be a version tag, and not "latest"'),
  digest: z.union([
    z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits, or unpinned(why)'),
    unpinnedDigest,
  ]),
  /** The nodes were given the image and no registry has it, as on a developer's machine. @default false */
  loaded: z.boolean().optional(),
});
export type ImageRef = Readonly<z.infer<typeof imageRef>>;

/** Stands where a digest belongs, with the reason: such an image may change under the same tag. */
export function unpinned(why: string): z.infer<typeof unpinnedDigest> {
  return { unpinned: why };
}

/** `repository:tag@digest`, or without the digest where it is unpinned. */
export function imageName({ repository, tag, digest }: ImageRef): string {
  return typeof digest === 'string' ? `${repository}:${tag}@${digest}` : `${repository}:${tag}`;
}

/** Always, so that the registry checks the pull secret at each start, also where the node has the image; not where there is no registry. */
export function pullPolicy({ loaded }: ImageRef): 'Always' | 'IfNotPresent' {
  return loaded === true ? 'IfNotPresent' : 'Always';
}
