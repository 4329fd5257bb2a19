import { messageOf } from '../errors/message-of.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import { shown } from '../validation/field-problem.ts';
import { plainFields } from '../validation/plain-fields.ts';
import type { ExecutorChoice } from './broker-options.ts';
import { pluginProblems } from './plugin-problems.ts';

const choiceFields = ['use', 'required'] as const;

/** The executors as choices, each read once; what is wrong with them is added to the problems. */
export function checkExecutors(
  given: unknown,
  problems: string[],
): Readonly<Record<string, ExecutorChoice>> {
  const choices: [string, ExecutorChoice][] = [];
  try {
    if (typeof given === 'object' && given !== null)
      for (const key in given)
        choices.push([
          key,
          choiceOf(key, (given as Readonly<Record<string, unknown>>)[key], problems),
        ]);
    if (choices.length === 0)
      problems.push('executors: names none; give at least one, such as { fast: fastExecutor() }');
  } catch (error) {
    problems.push(`executors: can't be read (${messageOf(error)})`);
  }
  return Object.fromEntries(choices);
}

function choiceOf(key: string, given: unknown, problems: string[]): ExecutorChoice {
  const path = `executors.${key}`;
  if (!/^[A-Za-z]/.test(key)) problems.push(`${path}: a key begins with a letter`);
  const isChoice = typeof given === 'object' && given !== null && !('kind' in given);
  const { fields, problems: unknown } = isChoice
    ? plainFields(given, choiceFields)
    : { fields: { use: given }, problems: [] };
  problems.push(...unknown.map((problem) => `${path}.${problem}`));
  const { use, required } = fields as { readonly use?: unknown; readonly required?: unknown };
  problems.push(...pluginProblems(path, use, 'executor', 'fastExecutor()'));
  if (required !== undefined && typeof required !== 'boolean')
    problems.push(`${path}.required: is ${shown(required)}, must be true or false`);
  return { use: use as ExecutorPlugin, required: required === true };
}
