/** Names in the form of W3C traces, each another one. */
export function traceIds(): () => string {
  let count = 0;
  return () =>
    `00-${(count += 1).toString(16).padStart(32, '0')}-${count.toString(16).padStart(16, '0')}-00`;
}
