/** This package's version, for messages. `node scripts/write-versions.mjs` writes it as package.json has it; a test holds them together. */
export const coreVersion: string = '0.0.0';
