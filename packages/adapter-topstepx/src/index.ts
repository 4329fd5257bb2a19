export { topstepx } from './topstepx.ts';
export type { TopstepxOptions } from './topstepx-options.ts';
