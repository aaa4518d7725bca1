const API_VERSION = /^(?:([a-z0-9]([a-z0-9.-]*[a-z0-9])?)\/)?(v\d+((alpha|beta)\d+)?)$/;
const KIND = /^[A-Z][A-Za-z0-9]*$/;

/**
 * Pulumi's name for a kind: `kubernetes:apps/v1:Deployment`. It has one form for kinds that @pulumi/kubernetes has a class for and for
 * custom resources, so every object can be registered by it alone.
 *
 * @throws if `apiVersion` or `kind` has not the form that Kubernetes gives it.
 */
export function typeToken(apiVersion: string, kind: string): string {
  const [, group = 'core', , version] = API_VERSION.exec(apiVersion) ?? [];
  if (version === undefined) {
    throw new Error(`apiVersion "${apiVersion}" of a ${kind} must be VERSION or GROUP/VERSION, such as v1 or apps/v1.`);
  }
  if (!KIND.test(kind))
    throw new Error(`kind "${kind}" of ${apiVersion} must be one word in CamelCase, such as ConfigMap.`);
  return `kubernetes:${group}/${version}:${kind}`;
}
