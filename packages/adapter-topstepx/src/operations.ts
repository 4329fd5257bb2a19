/** One operation of the gateway, with its own fields and error codes. */
export interface GatewayOperation {
  readonly method: 'GET' | 'POST';
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Fields of the answer beside `success`, `errorCode` and `errorMessage`. */
  readonly payload: readonly string[];
  /** What its `errorCode` numbers are called, 0 being success. */
  readonly codes: readonly string[];
  /** Why this adapter does not call it; undefined for those it calls. */
  readonly notCalled: string | undefined;
}

const operation = (
  required: readonly string[],
  payload: readonly string[],
  codes: readonly string[] = [],
  more: Partial<GatewayOperation> = {},
): GatewayOperation => ({
  method: 'POST',
  required,
  optional: [],
  payload,
  codes: ['Success', ...codes],
  notCalled: undefined,
  ...more,
});

const login = [
  'UserNotFound',
  'PasswordVerificationFailed',
  'InvalidCredentials',
  'AppNotFound',
  'AppVerificationFailed',
  'InvalidDevice',
  'AgreementsNotSigned',
  'UnknownError',
  'ApiSubscriptionNotFound',
  'ApiKeyAuthenticationDisabled',
];
const orderPrices = ['limitPrice', 'stopPrice', 'trailPrice'];

/** Every operation of the ProjectX Gateway API (its documentation and Swagger file, September 2026), by path without `/api/`. */
export const operations: Readonly<Record<string, GatewayOperation>> = {
  'Auth/loginKey': operation(['userName', 'apiKey'], ['token'], login),
  'Auth/loginApp': operation(
    ['userName', 'password', 'deviceId', 'appId', 'verifyKey'],
    ['token'],
    login,
    {
      notCalled: 'for authorised third-party applications; its documentation was withdrawn in 2026',
    },
  ),
  'Auth/validate': operation(
    [],
    ['newToken'],
    ['InvalidSession', 'SessionNotFound', 'ExpiredToken', 'UnknownError'],
  ),
  'Auth/logout': operation([], [], ['InvalidSession', 'UnknownError'], {
    notCalled:
      'may end the tokens of other processes of the same user; a token that is not used ends by itself',
  }),
  'Account/search': operation(['onlyActiveAccounts'], ['accounts']),
  'Contract/search': operation(['live'], ['contracts'], [], { optional: ['searchText'] }),
  'Contract/searchById': operation(['contractId'], ['contract'], ['ContractNotFound']),
  'Contract/available': operation(['live'], ['contracts']),
  'History/retrieveBars': operation(
    [
      'contractId',
      'live',
      'startTime',
      'endTime',
      'unit',
      'unitNumber',
      'limit',
      'includePartialBar',
    ],
    ['bars'],
    ['ContractNotFound', 'UnitInvalid', 'UnitNumberInvalid', 'LimitInvalid'],
  ),
  'Order/place': operation(
    ['accountId', 'contractId', 'type', 'side', 'size'],
    ['orderId'],
    [
      'AccountNotFound',
      'OrderRejected',
      'InsufficientFunds',
      'AccountViolation',
      'OutsideTradingHours',
      'OrderPending',
      'UnknownError',
      'ContractNotFound',
      'ContractNotActive',
      'AccountRejected',
    ],
    { optional: [...orderPrices, 'customTag', 'stopLossBracket', 'takeProfitBracket'] },
  ),
  'Order/modify': operation(
    ['accountId', 'orderId'],
    [],
    [
      'AccountNotFound',
      'OrderNotFound',
      'Rejected',
      'Pending',
      'UnknownError',
      'AccountRejected',
      'ContractNotFound',
    ],
    { optional: ['size', ...orderPrices] },
  ),
  'Order/cancel': operation(
    ['accountId', 'orderId'],
    [],
    ['AccountNotFound', 'OrderNotFound', 'Rejected', 'Pending', 'UnknownError', 'AccountRejected'],
  ),
  'Order/search': operation(['accountId', 'startTimestamp'], ['orders'], ['AccountNotFound'], {
    optional: ['endTimestamp'],
  }),
  'Order/searchOpen': operation(['accountId'], ['orders'], ['AccountNotFound']),
  'Order/searchById': operation(['accountId', 'orderId'], ['order'], ['OrderNotFound']),
  'Order/v2/query': operation(['filter'], ['orders', 'totalCount'], [], {
    optional: ['pageSize', 'pageOffset', 'sortBy', 'sortDirection', 'includeTotalCount'],
  }),
  'Position/searchOpen': operation(['accountId'], ['positions'], ['AccountNotFound']),
  'Position/closeContract': operation(
    ['accountId', 'contractId'],
    [],
    [
      'AccountNotFound',
      'PositionNotFound',
      'ContractNotFound',
      'ContractNotActive',
      'OrderRejected',
      'OrderPending',
      'UnknownError',
      'AccountRejected',
    ],
  ),
  'Position/partialCloseContract': operation(
    ['accountId', 'contractId', 'size'],
    [],
    [
      'AccountNotFound',
      'PositionNotFound',
      'ContractNotFound',
      'ContractNotActive',
      'InvalidCloseSize',
      'OrderRejected',
      'OrderPending',
      'UnknownError',
      'AccountRejected',
    ],
  ),
  'Trade/search': operation(['accountId'], ['trades'], ['AccountNotFound'], {
    optional: ['startTimestamp', 'endTimestamp'],
  }),
  'Status/ping': operation([], [], [], {
    method: 'GET',
    codes: [],
    notCalled:
      'connections are kept warm by the executors; whether it needs a token and counts to the rate limit is not known',
  }),
};
