import { dropLegs } from './drop-legs.ts';
import type { HostParts } from './host-parts.ts';
import { expectedNet, netOf, signed } from './sides.ts';
import type { StrategyContext } from './strategy-context.ts';

/**
 * The engine holds one position for each strategy and symbol. One that it counts as closed and the venue still holds must not get a second on top:
 * the sentence that says so, or undefined when nothing is left.
 */
export async function earlierLeft(
  parts: HostParts,
  context: StrategyContext,
): Promise<string | undefined> {
  const earlier = parts.memory
    .all()
    .filter(
      ({ state, context: of }) =>
        (state === 'open' || state === 'left') &&
        of.strategyName === context.strategyName &&
        of.exchangeName === context.exchangeName &&
        of.symbol === context.symbol,
    );
  for (const record of earlier) {
    const [positions, holders] = await Promise.all([
      parts.settings.broker.getPositions({ fresh: true }),
      parts.holders(record.contractId),
    ]).catch(() => []);
    if (positions === undefined || holders === undefined)
      return `Whether signal ${record.signalId} still holds something can't be read.`;
    const net = netOf(positions, record.contractId);
    if (net === 0 || net === expectedNet(holders) - signed(record.held, record.position)) {
      record.state = 'closed';
      record.held = 0;
      parts.memory.save(record);
      await dropLegs(parts, record);
      continue;
    }
    const sentence = `The venue still holds ${Math.abs(net)} of ${record.contractId} from signal ${record.signalId}, which the engine counts as closed. Close it, then the next signal opens.`;
    parts.tell('position-left', record, sentence);
    return sentence;
  }
  return undefined;
}
