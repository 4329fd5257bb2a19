import { apiVersion } from '../plugin.ts';
import { shown } from '../validation/field-problem.ts';
import { coreVersion } from '../version.ts';

/** What is looked at of a plugin or its factory. */
interface Versioned {
  readonly pluginName?: unknown;
  readonly apiVersion?: unknown;
  readonly package?: unknown;
}

/** Why a plugin does not fit this package's interfaces, and which of the two to update; undefined when it fits. `importedFrom`: the package that a config file names. */
export function versionProblem(plugin: Versioned, importedFrom?: string): string | undefined {
  // safeguard: a plugin made for another version of the interfaces is refused
  if (plugin.apiVersion === apiVersion) return undefined;
  const source = typeof plugin.package === 'string' ? plugin.package : importedFrom;
  const name =
    typeof plugin.pluginName === 'string' ? plugin.pluginName : 'a plugin without a name';
  const version = plugin.apiVersion === undefined ? 'none' : shown(plugin.apiVersion);
  const isNewer = typeof plugin.apiVersion === 'number' && plugin.apiVersion > apiVersion;
  const cure = isNewer
    ? `update @hotpath/core to a release that has version ${version}`
    : `update ${source ?? `the package of ${name}`} to a release for version ${apiVersion}`;
  return `${name} was made for version ${version} of the plugin interface${source === undefined ? '' : ` (package ${source})`}, this is version ${apiVersion} (@hotpath/core ${coreVersion}): ${cure}`;
}
