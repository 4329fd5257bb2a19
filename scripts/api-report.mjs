// Writes each published package's API report from its built declarations; with --check, fails when one is not current or an export has no doc comment.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// CommonJS without names that import could see.
const { Extractor, ExtractorConfig } = createRequire(import.meta.url)('@microsoft/api-extractor');
const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const temporary = mkdtempSync(join(tmpdir(), 'hotpath-api-'));
const problems = [];

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (manifest.private === true) continue;
  const doors = Object.entries(manifest.publishConfig.exports).filter(
    ([, target]) => typeof target === 'object',
  );
  for (const [door, target] of doors)
    report(folder, `${name}${door.slice(1).replace('/', '-')}`, join(folder, target.types));
}
rmSync(temporary, { recursive: true });
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function report(folder, reportName, entry) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      newlineKind: 'lf',
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2022'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            types: ['node'],
            typeRoots: [join(root, 'node_modules/@types')],
            skipLibCheck: true,
            strict: true,
            allowImportingTsExtensions: true,
            noEmit: true,
          },
          include: [join(folder, 'dist/**/*.d.ts')],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: temporary,
        reportTempFolder: join(temporary, 'new'),
        reportFileName: reportName,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const { errorCount } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => void (message.handled = true),
  });
  const path = join(folder, `${reportName}.api.md`);
  if (errorCount > 0) problems.push(`${relative(root, entry)}: ${errorCount} errors`);
  const made = readFileSync(join(temporary, `${reportName}.api.md`), 'utf8');
  for (const [, declaration = ''] of made.matchAll(/^\/\/ @public \(undocumented\)\n(.*)$/gm))
    problems.push(`${reportName}: no doc comment: ${declaration}`);
  if (!check) writeFileSync(path, made);
  else if (read(path) !== made)
    problems.push(
      `${relative(root, path)} is not current; run npm run api-report and look at what changed`,
    );
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
