/**
 * Binds an object's methods to it, so that each can be handed on by itself: `process.once('SIGTERM', broker.halt)` would otherwise throw where it is to get out.
 * `prototype`: of the class that has them.
 */
export function bindMethods(target: object, prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor' || typeof value !== 'function') continue;
    const method: unknown = value.bind(target);
    Object.defineProperty(target, name, { value: method, writable: true, configurable: true });
  }
}
