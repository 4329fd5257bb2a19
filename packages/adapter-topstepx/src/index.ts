export type { Firm, FirmCapabilities, FirmName } from './firms.ts';
export { firms } from './firms.ts';
export type { PaperOptions } from './paper/paper-options.ts';
export { topstepx } from './topstepx.ts';
export type { TopstepxLogin, TopstepxLoginOptions } from './topstepx-login.ts';
export { topstepxLogin } from './topstepx-login.ts';
export type { TopstepxOptions } from './topstepx-options.ts';
