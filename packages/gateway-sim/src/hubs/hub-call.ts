/** A hub method by what it subscribes to, or ends. */
export interface HubCall<Kind extends string> {
  readonly subscribes: boolean;
  readonly kind: Kind;
}

interface HubMethods<Kind extends string> {
  /** How many arguments the methods of each kind have. */
  readonly methods: Readonly<Record<Kind, number>>;
  /** The framework finds methods in any case. */
  readonly anyCase: boolean;
  /** What stands behind `Subscribe` and `Unsubscribe` in the method's name. */
  readonly nameOf: (kind: Kind) => string;
  readonly isArgument: (value: unknown) => boolean;
}

const verbs = [
  ['Subscribe', true],
  ['Unsubscribe', false],
] as const;

/** The method that a client calls, or the text of the framework's refusal: of an unknown one, of more or fewer arguments than it has, and of those that do not bind. */
export function boundCall<Kind extends string>(
  target: string,
  given: readonly unknown[],
  { methods, anyCase, nameOf, isArgument }: HubMethods<Kind>,
): HubCall<Kind> | string {
  const folded = (name: string): string => (anyCase ? name.toLowerCase() : name);
  for (const kind of Object.keys(methods) as Kind[]) {
    const verb = verbs.find(([name]) => folded(`${name}${nameOf(kind)}`) === folded(target));
    if (!verb) continue;
    const wanted = methods[kind];
    if (given.length !== wanted)
      return `InvalidDataException: Error binding arguments. Invocation provides ${given.length} argument(s) but target expects ${wanted}.`;
    return given.every(isArgument)
      ? { subscribes: verb[1], kind }
      : 'InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.';
  }
  return 'HubException: Method does not exist.';
}
