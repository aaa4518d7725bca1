export { GatewayApiEntrance } from './gateway-api-entrance.js';
export { GatewayEntrance } from './gateway-entrance.js';
export {
  type GatewayApiIngress,
  type GatewayIngress,
  type IngressChoice,
  ingressChoice,
  type NginxIngress,
} from './ingress-choice.js';
export { NginxEntrance } from './nginx-entrance.js';
export * from './public-ingress.js';
export type { PublicIngressProps } from './public-ingress-props.js';
