import type { Verdict } from '../verdict.ts';

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isIdIfThere = (value: unknown): boolean => value === undefined || isText(value);
const isMessage = (value: unknown): boolean => typeof value === 'string';

const checks: { readonly [Name in Verdict['is']]: (verdict: Fields) => boolean } = {
  accepted: ({ orderId }) => isIdIfThere(orderId),
  refused: ({ code, message, orderId }) =>
    isText(code) && isMessage(message) && isIdIfThere(orderId),
  disputed: ({ message }) => isMessage(message),
  unauthorized: () => true,
  'client-order-id-in-use': ({ message }) => isMessage(message),
  throttled: ({ retryAfterMs }) =>
    retryAfterMs === undefined || (typeof retryAfterMs === 'number' && retryAfterMs >= 0),
  ambiguous: ({ code, message }) => isText(code) && isMessage(message),
};

/** Whether what an adapter made of an answer is a verdict. One that is none proves nothing, whatever it looks like. */
export function isVerdict(given: unknown): given is Verdict {
  if (typeof given !== 'object' || given === null) return false;
  const verdict = given as Fields;
  const { is } = verdict;
  return isVerdictName(is) && checks[is](verdict);
}

function isVerdictName(name: unknown): name is Verdict['is'] {
  return typeof name === 'string' && Object.hasOwn(checks, name);
}
