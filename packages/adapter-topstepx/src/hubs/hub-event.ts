import { parseJson } from '../parse-json.ts';

/** One event of a hub, read only when it is its turn. */
export interface HubEvent {
  /** Such as `GatewayUserOrder`. */
  readonly target: string;
  /** The whole record as it came. */
  readonly record: string;
}

export interface EventProtocolParts {
  /** Something came in, a ping perhaps. */
  heard(): void;
  event(event: HubEvent): void;
  /** A record that is no message. */
  unreadable(length: number): void;
}

/** What an event carries; undefined when it can't be read. */
export function eventArguments(event: HubEvent): readonly unknown[] | undefined {
  try {
    const value = parseJson(event.record);
    const given: unknown =
      typeof value === 'object' && value !== null && 'arguments' in value
        ? value.arguments
        : undefined;
    return Array.isArray(given) ? given : undefined;
  } catch {
    return undefined;
  }
}
