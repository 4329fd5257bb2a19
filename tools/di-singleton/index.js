/** A class of which `new` gives the same instance every time, made when it is first asked for. */
export function singleton(Class) {
  let instance;
  return new Proxy(Class, {
    construct(target, values, newTarget) {
      instance ??= Reflect.construct(target, values, newTarget);
      return instance;
    },
  });
}
