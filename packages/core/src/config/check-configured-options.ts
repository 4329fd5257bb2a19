import type { ConfiguredBrokerOptions } from '../broker/broker-options.ts';
import { problemsOf, runtimeChecks } from '../broker/check-broker-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { shown } from '../validation/field-problem.ts';
import { plainFields } from '../validation/plain-fields.ts';
import { configSchema } from './hotpath-config.ts';
import { knownFields } from '../known-fields.ts';

const names: readonly (keyof ConfiguredBrokerOptions)[] = [
  'registry',
  'config',
  'log',
  'clock',
  'random',
  'generateId',
  'signal',
  'onStarting',
];

/** The options beside a config file as a plain copy, each read once. Throws `InvalidOptionsError` with everything that is wrong: what would stand in the file must not stand beside it. */
export function checkConfiguredOptions(given: ConfiguredBrokerOptions): ConfiguredBrokerOptions {
  const { fields, problems } = plainFields(given, names);
  const ofTheFile = knownFields(configSchema, []);
  const all = problems.map((problem) => {
    const name = ofTheFile.find((field) => problem.startsWith(`${field}: is no field here`));
    return name === undefined ? problem : `${name}: stands in the config, not beside it`;
  });
  const { registry, config } = fields;
  all.push(...problemsOf('registry', registry, registryProblems));
  if (typeof config !== 'string' && (typeof config !== 'object' || config === null))
    all.push(
      `config: is ${shown(config)}, must be the path of a JSON file, or what would stand in it`,
    );
  for (const [name, check] of Object.entries(runtimeChecks))
    all.push(...problemsOf(name, fields[name], check));
  if (all.length > 0) throw new InvalidOptionsError('createBroker', all);
  return fields as unknown as ConfiguredBrokerOptions;
}

function registryProblems(registry: unknown): readonly string[] {
  const isRegistry =
    typeof registry === 'object' &&
    registry !== null &&
    'find' in registry &&
    typeof registry.find === 'function' &&
    'names' in registry &&
    typeof registry.names === 'function';
  return isRegistry
    ? []
    : [`registry: is ${shown(registry)}, must be a registry, from createRegistry()`];
}
