import { versionProblem } from '../config/version-problem.ts';
import { shown } from '../validation/field-problem.ts';

/** What keeps a value from being a plugin of this kind that has its options, as `path: sentence`. */
export function* pluginProblems(
  path: string,
  plugin: unknown,
  kind: 'adapter' | 'executor',
  example: string,
): Generator<string> {
  const found: {
    readonly kind?: unknown;
    readonly setup?: unknown;
    readonly apiVersion?: unknown;
  } = typeof plugin === 'object' && plugin !== null ? plugin : {};
  if (typeof plugin === 'function') yield `${path}: is a factory; call it, as in ${example}`;
  else if (found.kind !== kind)
    yield `${path}: is ${shown(plugin)}, must be an ${kind} such as ${example}`;
  else {
    const problem =
      versionProblem(found) ??
      (typeof found.setup === 'function'
        ? undefined
        : `has no setup, must be an ${kind} such as ${example}`);
    if (problem !== undefined) yield `${path}: ${problem}`;
  }
}
