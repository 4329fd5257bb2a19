/** Says on a terminal what is being done; nowhere else. */
export type Progress = (text: string) => void;

export const terminalProgress: Progress = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
};
