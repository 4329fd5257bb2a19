import type { Fault, FaultRule, HubFault, RequestFault } from './fault.ts';

/** When a fault is looked for: while nothing listens, when a connection is made, when the head of a request is there, when its body is, or when a hub sends. */
export type FaultStage = 'listening' | 'connect' | 'head' | 'request' | 'hub';

export function stageOf(fault: Fault): FaultStage {
  if (fault.kind === 'refuse') return 'listening';
  if (isHubFault(fault)) return 'hub';
  if (fault.kind !== 'reset') return 'request';
  return fault.at === 'connect' ? 'connect' : fault.at === 'before-reading' ? 'head' : 'request';
}

export function isHubFault(fault: Fault): fault is HubFault {
  return fault.kind.startsWith('event-') || fault.kind.startsWith('hub-');
}

export function isRequestFault(fault: Fault): fault is RequestFault {
  return stageOf(fault) === 'request' || stageOf(fault) === 'head';
}

/** Why a rule makes no sense, or undefined. A selector that could never match is a mistake of the test that sets it. */
export function ruleProblem(rule: FaultRule, endpoints: readonly string[]): string | undefined {
  const stage = stageOf(rule.fault);
  const name = rule.fault.kind === 'reset' ? `reset at ${rule.fault.at}` : rule.fault.kind;
  if (stage !== 'hub' && (rule.hub ?? rule.event) !== undefined)
    return `hub and event go with faults of hubs, not with ${name}`;
  if (rule.endpoint !== undefined && stage !== 'head' && stage !== 'request')
    return `endpoint goes with faults of requests, not with ${name}`;
  if (rule.accountId !== undefined && stage !== 'request' && stage !== 'hub')
    return `accountId cannot be known yet at ${name}`;
  if (stage === 'listening' && (rule.probability ?? rule.nth ?? rule.count) !== undefined)
    return 'probability, nth and count do not go with refuse: a port listens or does not';
  if (
    rule.endpoint !== undefined &&
    !endpoints.some((endpoint) => matchesEndpoint(rule.endpoint, endpoint))
  ) {
    return `endpoint is "${rule.endpoint}", must be one of ${endpoints.join(', ')}, or a group such as Order/*`;
  }
  return undefined;
}

/** Without case, as the gateway's routing is. */
export function matchesEndpoint(wanted: string | undefined, endpoint: string): boolean {
  if (wanted === undefined) return true;
  const pattern = wanted.toLowerCase();
  return pattern.endsWith('*')
    ? endpoint.toLowerCase().startsWith(pattern.slice(0, -1))
    : endpoint.toLowerCase() === pattern;
}
