import { capabilitiesSchema } from './capabilities-schema.ts';
import { optionProblems } from './check-options.ts';
import { InvalidOptionsError } from './errors/invalid-options-error.ts';
import { apiVersion } from './plugin.ts';
import { shown } from './validation/field-problem.ts';
import { plainFields } from './validation/plain-fields.ts';

const names = {
  executor: ['name', 'apiVersion', 'package', 'options', 'setup'],
  adapter: ['name', 'apiVersion', 'package', 'options', 'setup', 'capabilities'],
} as const;

/**
 * Throws `InvalidOptionsError` for a declaration that can't be a plugin's. One for another version of the interface may have fields of its own: `createBroker` refuses it by its version.
 */
export function checkDefinition(kind: 'executor' | 'adapter', definition: unknown): void {
  const { fields, problems } = plainFields(definition, names[kind], 'definition');
  const isObject = typeof definition === 'object' && definition !== null;
  if (isObject && typeof fields['apiVersion'] === 'number' && fields['apiVersion'] !== apiVersion)
    return;
  const all = isObject ? [...problems, ...fieldProblems(kind, fields)] : problems;
  if (all.length > 0)
    throw new InvalidOptionsError(kind === 'executor' ? 'defineExecutor' : 'defineAdapter', all);
}

function* fieldProblems(
  kind: 'executor' | 'adapter',
  {
    name,
    apiVersion: version,
    package: source,
    options,
    setup,
    capabilities,
  }: Readonly<Record<string, unknown>>,
): Generator<string> {
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name))
    yield `name: is ${shown(name)}, must be text that begins with a letter`;
  if (version !== apiVersion) yield `apiVersion: is ${shown(version)}, must be ${apiVersion}`;
  if (source !== undefined && typeof source !== 'string')
    yield `package: is ${shown(source)}, must be text such as "@acme/fast@1.2.0"`;
  if (!isStandardSchema(options))
    yield `options: is ${shown(options)}, must be a synchronous Standard Schema, such as one of zod's`;
  if (typeof setup !== 'function')
    yield `setup: is ${shown(setup)}, must be a function that gives an ${kind}`;
  if (kind !== 'adapter') return;
  for (const problem of optionProblems(capabilitiesSchema, capabilities))
    yield problem.startsWith('options: ')
      ? `capabilities: ${problem.slice('options: '.length)}`
      : `capabilities.${problem}`;
}

function isStandardSchema(value: unknown): boolean {
  if (
    (typeof value !== 'object' && typeof value !== 'function') ||
    value === null ||
    !('~standard' in value)
  )
    return false;
  const standard: unknown = value['~standard'];
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  );
}
