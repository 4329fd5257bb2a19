import { messageOf } from '../errors/message-of.ts';
import { shown } from '../validation/field-problem.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Why what an executor gave is no delivery; undefined when it is one. An executor need not be ours: of one that gives nonsense, or contradicts itself, nobody knows what it wrote.
 * Looked at when a delivery has ended, long after its write.
 */
export function deliveryProblem(given: unknown): string | undefined {
  try {
    return problemOf(given);
  } catch (error) {
    return `it gave a delivery that can't be read (${messageOf(error)})`;
  }
}

function problemOf(given: unknown): string | undefined {
  if (!isObject(given)) return `it gave ${shown(given)} for a delivery`;
  const { stage, bytes, marks } = given;
  const fits = doBytesFit(stage, bytes);
  if (fits === undefined) return `it gave a delivery whose stage is ${shown(stage)}`;
  if (!fits) return `it gave a delivery of stage ${shown(stage)} whose bytes are ${shown(bytes)}`;
  if (
    !isObject(marks) ||
    !isTime(marks['queued']) ||
    !isTime(marks['end']) ||
    !isTimeIfThere(marks['written']) ||
    !isTimeIfThere(marks['firstByte'])
  )
    return 'it gave a delivery without sound marks';
  return stage === 'answered' ? answerProblem(given['answer']) : failureProblem(given['failure']);
}

/** How far a request can have got, and what can be proven about its bytes then. Undefined for a stage that there is not. */
function doBytesFit(stage: unknown, bytes: unknown): boolean | undefined {
  switch (stage) {
    case 'answered':
      return bytes === 'all' || bytes === 'maybe';
    case 'sent':
      return bytes === 'all';
    case 'writing':
      return bytes === 'none' || bytes === 'maybe';
    case 'queued':
    case 'connecting':
      return bytes === 'none';
    default:
      return undefined;
  }
}

function answerProblem(answer: unknown): string | undefined {
  if (!isObject(answer) || !Number.isInteger(answer['status']))
    return 'it gave an answer without a status';
  if (!isObject(answer['headers'])) return 'it gave an answer without headers';
  return answer['body'] instanceof Uint8Array
    ? undefined
    : 'it gave an answer whose body is no bytes';
}

function failureProblem(failure: unknown): string | undefined {
  return isObject(failure) &&
    typeof failure['code'] === 'string' &&
    typeof failure['message'] === 'string'
    ? undefined
    : 'it gave a failure without code and message';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTimeIfThere(value: unknown): boolean {
  return value === undefined || isTime(value);
}
