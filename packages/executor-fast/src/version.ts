/** This package and its version, for messages. `node scripts/write-versions.mjs` writes it as package.json has it; a test holds them together. */
export const packageId: string = '@hotpath/executor-fast@0.0.0';
