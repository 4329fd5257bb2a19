import type { HubMessage, IHubProtocol, ILogger } from '@microsoft/signalr';
import { JsonHubProtocol, MessageType, TransferFormat } from '@microsoft/signalr';
import type { EventProtocolParts } from './hub-event.ts';

const separator = '\u001E';
/** How the framework behind the gateway begins an event; anything else is read whole to learn what it is. */
const eventHead = /^\{"type":1,"target":"([^"\\]+)",/;

/** SignalR's JSON protocol, but events are handed on unread, and a record that is none costs only itself and not the connection. */
export class EventProtocol implements IHubProtocol {
  readonly name: string = 'json';
  readonly version: number = 1;
  readonly transferFormat: TransferFormat = TransferFormat.Text;
  readonly #json = new JsonHubProtocol();
  readonly #parts: EventProtocolParts;

  constructor(parts: EventProtocolParts) {
    this.#parts = parts;
  }

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    this.#parts.heard();
    if (typeof input !== 'string') return [];
    const messages: HubMessage[] = [];
    for (let start = 0; start < input.length;) {
      const separatorAt = input.indexOf(separator, start);
      const end = separatorAt === -1 ? input.length : separatorAt;
      const record = input.slice(start, end);
      start = end + 1;
      const target = eventHead.exec(record)?.[1];
      if (target === undefined) messages.push(...this.#read(record, logger));
      else this.#parts.event({ target, record });
    }
    return messages;
  }

  writeMessage(message: HubMessage): string {
    return this.#json.writeMessage(message);
  }

  #read(record: string, logger: ILogger): HubMessage[] {
    let messages: HubMessage[];
    try {
      messages = this.#json.parseMessages(record + separator, logger);
    } catch {
      this.#parts.unreadable(record.length);
      return [];
    }
    return messages.filter((message) => {
      if (message.type !== MessageType.Invocation) return true;
      this.#parts.event({ target: message.target, record });
      return false;
    });
  }
}
