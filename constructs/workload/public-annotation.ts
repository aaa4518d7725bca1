/** On a Service that is meant to have an address outside the cluster; its value tells why. */
export const PUBLIC_ANNOTATION = 'armature.dev/public';
