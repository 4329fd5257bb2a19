/** Whose order it is, in the engine's words. */
export interface StrategyContext {
  readonly strategyName: string;
  readonly exchangeName: string;
  /** What the engine was started with: a root, a contract name or a contract id. */
  readonly symbol: string;
}

interface EnginePayload {
  readonly symbol: string;
  readonly context: { readonly strategyName: string; readonly exchangeName: string };
}

export function contextOf({ symbol, context }: EnginePayload): StrategyContext {
  return { strategyName: context.strategyName, exchangeName: context.exchangeName, symbol };
}
