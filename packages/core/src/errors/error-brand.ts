type ErrorClass = abstract new (...given: never[]) => Error;

const named = new WeakMap<object, string>();
const brandOf = (name: string): symbol => Symbol.for(`hotpath.error.${name}`);

/** Gives the errors of a class and of its subclasses a mark under which every installed copy of this package knows them. */
export function brandErrors(errorClass: ErrorClass, name: string): void {
  named.set(errorClass, name);
  Object.defineProperty(errorClass.prototype, brandOf(name), { value: true });
}

/** The name that a class was branded with; undefined for one that was derived elsewhere. */
export function brandName(errorClass: object): string | undefined {
  return named.get(errorClass);
}

export function isHotpathError(error: unknown): error is Error {
  return error instanceof Error && 'isHotpathError' in error && error.isHotpathError === true;
}

/** Whether it is an error of that name, whichever installed copy of this package made it. */
export function bearsBrand(error: unknown, name: string): boolean {
  if (!isHotpathError(error)) return false;
  // A copy from before there were brands gives its errors their class's name.
  return brandOf(name) in error || error.name === name;
}

/** What `instanceof` answers for a class of errors: the brand decides for those that have one, the prototype for classes that others derive from them. */
export function isInstanceOf(errorClass: ErrorClass, value: unknown): boolean {
  const name = brandName(errorClass);
  if (name === 'HotpathError') return isHotpathError(value);
  // safeguard: instanceof of an error class goes by its brand
  if (name !== undefined) return bearsBrand(value, name);
  return Function.prototype[Symbol.hasInstance].call(errorClass, value);
}
