/** Ports that others chose: protocols, Kubernetes and Istio. */
export const wellKnownPorts = {
  http: 80,
  https: 443,
  dns: 53,
  ssh: 22,
  /** Where an API server listens behind its Service, unless a cloud puts it on the port for HTTPS. */
  kubernetesApi: 6443,
  /** Istio's control plane, from which a sidecar gets its configuration and certificate. */
  istioControlPlane: 15012,
  /** Tunnel of Istio's ambient mode: pods of the mesh reach each other through it, whatever port they mean. */
  istioHbone: 15008,
  /** Where KEDA's operator and metrics API server show their own metrics. */
  kedaMetrics: 8080,
} as const;
