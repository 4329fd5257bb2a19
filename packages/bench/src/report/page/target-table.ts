import type { Ratios, Target } from '../targets.ts';
import { isMet, targets } from '../targets.ts';
import { escape, table } from './markup.ts';

/** Every target, what was measured, and how far it is from it: the bar is the measured value, the line the target. */
export function targetTable(ratios: Ratios): string {
  const columns = [
    { head: 'What' },
    { head: 'Over' },
    { head: 'Target', isNumber: true },
    { head: 'Measured', isNumber: true },
    { head: '' },
    { head: '' },
  ];
  return table(
    columns,
    targets.map((target) => row(target, ratios[target.ratio])),
    'targets',
  );
}

function row(target: Target, measured: number | null): string[] {
  const { what, over, bound, value, unit } = target;
  const space = unit === '' ? '' : ` ${unit}`;
  const state = measured === null ? 'unrun' : isMet(target, measured) ? 'met' : 'missed';
  const words = { unrun: 'not in this run', met: 'met', missed: 'missed' };
  return [
    escape(what),
    over,
    `${bound}&thinsp;${value}${space}`,
    measured === null ? '–' : `<b>${rounded(measured)}${space}</b>`,
    measured === null ? '' : bullet(measured, value, state),
    `<span class="badge ${state}">${words[state]}</span>`,
  ];
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function bullet(measured: number, target: number, state: string): string {
  const most = Math.max(measured, target) * 1.15;
  const percent = (value: number): string => `${Math.max(1, (100 * value) / most).toFixed(1)}%`;
  return `<div class="bullet ${state}"><i style="width:${percent(measured)}"></i><u style="left:${percent(target)}"></u></div>`;
}
