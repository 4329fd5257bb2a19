import { Dispatcher } from 'undici';

/** The dispatcher of one `fetch`: the first request goes through, a second is refused and noted. */
export class SingleDispatch extends Dispatcher {
  /** `fetch` wanted to send the request again. */
  secondRefused = false;
  readonly #first: (handler: Dispatcher.DispatchHandler) => void;
  #used = false;

  /** `first` gets the handler in which `fetch` awaits the answer. What else `fetch` hands over is left out: the caller knows the exact bytes. */
  constructor(first: (handler: Dispatcher.DispatchHandler) => void) {
    super();
    this.#first = first;
  }

  override dispatch(
    _options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    if (this.#used) {
      this.secondRefused = true;
      handler.onError?.(new Error('A request is sent once; fetch wanted to send it again.'));
    } else {
      this.#used = true;
      this.#first(handler);
    }
    return true;
  }
}
