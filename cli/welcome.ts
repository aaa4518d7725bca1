import type { Identity } from '../app/runtime/identity.js';

/** What to try first, as lines to copy. */
export function welcome(gateway: string, token: string, { user, tier }: Identity): string[] {
  const json = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  return [
    `Status page     ${gateway}/console#token=${token}`,
    `API description ${gateway}/docs`,
    '',
    `A token of user "${user}" (${tier}), valid for a day, and three things to try in another terminal:`,
    '',
    `export TOKEN=${token}`,
    `curl -s ${gateway}/api/chat ${json} -d '{"session":"first","message":"Why does latency not scale the gateway?"}'`,
    `curl -s ${gateway}/api/agent ${json} -d '{"task":"What is 12.5 % of 840?"}'`,
    `curl -sN ${gateway}/v1/chat/completions ${json} -d '{"model":"auto-rag","stream":true,"messages":[{"role":"user","content":"What does an autoscaler do when its metric is lost?"}]}'`,
    '',
    'Ctrl-C stops it.',
  ];
}
