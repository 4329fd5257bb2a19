import type { Check, Mark, Seen } from './check.ts';
import { notSeen } from './check.ts';
import type { FarOrdersTrial, TriedOrder } from './far-orders-trial.ts';
import { farOrdersTrial } from './far-orders-trial.ts';
import type { HttpAnswer } from './gateway-http.ts';
import { said } from './said.ts';

const positionBrackets = /must enable Auto OCO/;
const inUse = 'code 2, Specified custom tag is already in use';

/** Looks at what the orders have shown, once they have. */
function check(
  name: string,
  asks: string,
  expected: string,
  mark: Mark,
  look: (trial: FarOrdersTrial) => Seen,
): Check {
  return {
    name,
    part: 'far-orders',
    asks,
    expected,
    mark,
    async look(run) {
      const trial = await farOrdersTrial(run);
      return 'because' in trial ? trial : look(trial);
    },
  };
}

/** The same of an order with brackets, on an account that takes them. */
function ofBracket(
  name: string,
  asks: string,
  expected: string,
  mark: Mark,
  look: (bracket: FarOrdersTrial['bracket']) => Seen,
): Check {
  return check(name, asks, expected, mark, ({ bracket }) =>
    isRefusedByMode(bracket.answer) ? notSeen('the account has Position Brackets') : look(bracket),
  );
}

/** Questions that far orders can answer, beside what one of them shows. */
export const farOrderChecks: readonly Check[] = [
  check('tag-case', 'a tag once more in capitals', inUse, '?', ({ otherCase }) =>
    said(otherCase.answer),
  ),
  check('tag-65', 'a tag of 65 characters', 'code 2, Invalid custom tag', '?', ({ longTag }) =>
    taken(longTag),
  ),
  check('tag-200', 'a tag of 200 characters', 'code 2, Invalid custom tag', '?', ({ longerTag }) =>
    taken(longerTag),
  ),
  check(
    'tag-characters',
    'a tag with a space, /, ", ü and :',
    'as it was sent',
    '?',
    ({ oddTag }) => taken(oddTag),
  ),
  check(
    'place-stop-limit',
    'a StopLimit',
    'code 2, Invalid order type specified',
    '?',
    ({ stopLimit }) => taken(stopLimit),
  ),
  check(
    'place-no-size',
    'an order for no contract',
    'code 2, Invalid order size specified',
    '1',
    ({ noSize }) => said(noSize.answer),
  ),
  check(
    'place-no-size-row',
    'whether it is an order all the same',
    'with status 5',
    '?',
    ({ noSize }) => row(noSize),
  ),
  check(
    'place-no-contract',
    'an order in a contract that is none',
    'code 8',
    'O',
    ({ noContract }) => said(noContract.answer),
  ),
  check(
    'place-linked',
    'linkedOrderId, once the order it names is cancelled',
    'does nothing',
    '?',
    ({ linkedStays }) =>
      linkedStays === undefined
        ? 'is refused'
        : linkedStays
          ? 'does nothing'
          : 'takes the other with it',
  ),
  check(
    'bracket-mode',
    'brackets on an account with Position Brackets',
    'code 2, Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets., with status 5',
    'O',
    ({ bracket }) =>
      isRefusedByMode(bracket.answer)
        ? `${said(bracket.answer)}, ${row(bracket)}`
        : notSeen('the account has Auto OCO Brackets'),
  ),
  ofBracket('bracket-answer', 'brackets of a far order', 'code 0', 'O', ({ answer }) =>
    said(answer),
  ),
  ofBracket(
    'bracket-legs',
    'its legs, meanwhile',
    '8 -SL, 8 -TP',
    'L',
    ({ legs }) =>
      legs
        .map(
          ({ status, customTag }) =>
            `${String(status)} ${/-(?:SL|TP)$/.exec(String(customTag))?.[0] ?? 'another tag'}`,
        )
        .toSorted()
        .join(', ') || 'not shown',
  ),
  ofBracket(
    'bracket-leg-move',
    'a modify of such a leg',
    'code 3, Order is suspended',
    '?',
    ({ legMoved }) => (legMoved ? said(legMoved) : notSeen('no leg is shown')),
  ),
  ofBracket(
    'bracket-cancel',
    'its legs once it is cancelled',
    'status 3',
    'I',
    ({ legsAfter }) =>
      [...new Set(legsAfter.map(({ status }) => `status ${String(status)}`))]
        .toSorted()
        .join(', ') || 'not shown',
  ),
  ofBracket(
    'bracket-leg-tag',
    'the tag of such a leg for another order',
    inUse,
    '?',
    ({ legTag }) => (legTag ? said(legTag) : notSeen('the brackets were refused')),
  ),
];

function isRefusedByMode({ fields: { errorMessage } }: HttpAnswer): boolean {
  return typeof errorMessage === 'string' && positionBrackets.test(errorMessage);
}

function taken(tried: TriedOrder): string {
  return tried.answer.fields['success'] !== true
    ? said(tried.answer)
    : tried.row
      ? 'as it was sent'
      : 'taken, with another tag';
}

function row(tried: TriedOrder): string {
  return tried.row ? `with status ${String(tried.row['status'])}` : 'no order';
}
