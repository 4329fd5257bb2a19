import type { StrategyContext } from './strategy-context.ts';

/** What a bot author should know and the engine has no word for. */
export interface HostEvent {
  /**
   * `open-dropped`: the engine gave a signal up whose order may still come; it is cancelled, or closed, when it does.
   * `entry-taken-back`: an order of a signal that the engine had given up filled after all, and was closed.
   * `close-refused`: the venue refused a close and the position is still held.
   * `position-left`: the engine counts a position as closed that the venue still holds, or a stop or target of which may still work; nothing new is opened over what is held.
   * `position-differs`: the venue holds another quantity than the signals of this contract come to.
   * `check-unread`: the venue has not shown a position, or a resting entry, for as many checks as the engine waits; it is taken to be there still.
   * `commit-unsettled`: a change of a position that nobody can tell the end of yet; asking for the same again joins it.
   */
  readonly name:
    | 'open-dropped'
    | 'entry-taken-back'
    | 'close-refused'
    | 'position-left'
    | 'position-differs'
    | 'check-unread'
    | 'commit-unsettled';
  readonly signalId: string;
  readonly clientOrderId: string;
  readonly context: StrategyContext;
  /** One sentence for a person. */
  readonly message: string;
}
