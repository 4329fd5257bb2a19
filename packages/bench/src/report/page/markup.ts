import type { Size } from './draw.ts';

/** Text as it may stand in HTML. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function figure(
  title: string,
  explanation: string,
  drawing: (size: Size) => string,
): string {
  return `<figure><figcaption>${escape(title)}<small>${escape(explanation)}</small></figcaption><div class="wide">${drawing('wide')}</div><div class="narrow">${drawing('narrow')}</div></figure>`;
}

export interface Column {
  readonly head: string;
  readonly isNumber?: boolean | undefined;
}

/** Cells are markup already. `tableKind`: a class of the page's style. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  tableKind = '',
): string {
  const kind = ({ isNumber }: Column): string => (isNumber === true ? ' class="number"' : '');
  const head = columns.map((column) => `<th${kind(column)}>${escape(column.head)}</th>`).join('');
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, index) => `<td${kind(columns[index] ?? { head: '' })}>${cell}</td>`).join('')}</tr>`,
    )
    .join('');
  return `<div class="card"><table class="${tableKind}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
