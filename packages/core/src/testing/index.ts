export type { ManualClock } from './manual-clock.ts';
export { createManualClock } from './manual-clock.ts';
export type { AdapterScript, ScriptedAdapter } from './scripted-adapter.ts';
export { scriptedAdapter, testContract, testOrder } from './scripted-adapter.ts';
export type { DeliveryScript, ScriptedDelivery, ScriptedExecutor } from './scripted-executor.ts';
export { answered, notWritten, scriptedExecutor, silent } from './scripted-executor.ts';
