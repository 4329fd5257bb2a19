import { types } from 'node:util';

const aborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted');

/** Whether a value is an `AbortSignal` and works as one: something that only looks like one, or stands in front of one, throws when it is asked. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  try {
    if (!(value instanceof AbortSignal) || types.isProxy(value)) return false;
    // What an object has of its own stands in front of what it inherits.
    if (
      Object.hasOwn(value, 'aborted') ||
      Object.hasOwn(value, 'addEventListener') ||
      Object.hasOwn(value, 'removeEventListener')
    )
      return false;
    return typeof aborted?.get?.call(value) === 'boolean';
  } catch {
    return false;
  }
}
