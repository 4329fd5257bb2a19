/**
 * The shortest decimal that reads back as `value`, never in scientific form: JavaScript prints 0.0000005 as 5e-7,
 * which not every venue's parser takes. Exact for every finite number.
 */
export function decimalText(value: number): string {
  const text = String(value);
  const split = text.indexOf('e');
  if (split < 0) return text;
  const sign = value < 0 ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, split).split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(text.slice(split + 1));
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
