import { type ImageRef, unpinned } from '../../constructs/index.js';
import { local, thirdPartyImages } from '../../stacks/index.js';

/** Images under other names, where the cluster has stand-ins for what the environments name. */
const registry = process.env.CLUSTER_IMAGES;

const { repository, loaded } = local.image;

/** The application's image as it was built, and what is released after it: the same, by another tag. */
export const released: ImageRef = registry === undefined ? local.image : standIn('armature', 'test');
export const next: ImageRef =
  registry === undefined
    ? { repository, loaded, tag: 'next', digest: unpinned('made for this test') }
    : standIn('armature', 'next');

/** Everybody else's; `redisExporter` is `redis-exporter` in a registry. */
export const images = registry === undefined ? thirdPartyImages : standIns();

function standIn(name: string, tag: string): ImageRef {
  return { repository: `${registry}/${name}`, tag, digest: unpinned('made for this cluster'), loaded: true };
}

function standIns(): Record<keyof typeof thirdPartyImages, ImageRef> {
  const named = Object.keys(thirdPartyImages).map((key) => [
    key,
    standIn(
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      'test',
    ),
  ]);
  return Object.fromEntries(named);
}
