// Where the key may travel.

const options = 'packages/adapter-topstepx/src/topstepx-options.test.ts';

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'no key travels in clear to another host unless the author says so',
    without: 'a mistaken http:// shows the key to whoever is on the way',
    edits: [{ safeguard: 'no key travels in clear to another host unless the author says so' }],
    tests: [{ file: options, names: ['wrong with .*http://api\\.topstepx\\.com'] }],
  },
  {
    name: 'an address is refused for what would be dropped of it',
    without: 'a path, a query or a password in an address is dropped without a word',
    edits: [{ safeguard: 'an address is refused for what would be dropped of it' }],
    tests: [
      {
        file: options,
        names: [
          'wrong with .*topstepx\\.com/api',
          'wrong with .*x=1',
          'wrong with .*#x',
          'wrong with .*me:key@api',
          'wrong with .*me:key@rtc',
          'wrong with .*access_token',
        ],
      },
    ],
  },
  {
    name: 'no key goes to a gateway whose certificate nobody checks',
    without: 'gateway-conform gives the key to whoever shows any certificate',
    edits: [{ safeguard: 'no key goes to a gateway whose certificate nobody checks' }],
    tests: [
      { file: 'packages/gateway-sim/src/conformance/redaction.test.ts', names: ['sends no key'] },
    ],
  },
  ...[
    [
      'fast executor',
      'packages/executor-fast/src/unchecked-certificates.test.ts',
      'const connectTls = buildConnector({ timeout: 0, allowH2: false, ...(ca && { ca: [...ca] }) });',
    ],
    [
      'fallback executor',
      'packages/executor-fallback/src/unchecked-certificates.test.ts',
      'const connectTls = buildConnector({ timeout: 0, allowH2: false, ...(ca && { ca: [...ca] }) });',
    ],
    [
      'hubs',
      'packages/adapter-topstepx/src/hubs/hub-certificates.test.ts',
      'const tls = { ...(ca !== undefined && { ca }) };',
    ],
    [
      'paper mode',
      'packages/adapter-topstepx/src/paper/market-host-certificates.test.ts',
      'const tls = { ...(ca !== undefined && { ca }) };',
    ],
  ].map(([where, file, replace]) => ({
    name: `certificates are checked whatever the environment says, ${where}`,
    without:
      'an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 gives the key to whoever shows any certificate',
    edits: [
      { safeguard: `certificates are checked whatever the environment says, ${where}`, replace },
    ],
    tests: [{ file, names: ['NODE_TLS_REJECT_UNAUTHORIZED=0 makes'] }],
  })),
];
