import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeCurves } from '../make-curves.ts';
import { measuredExample, reportExample } from '../report-example.ts';
import { renderPage } from './render-page.ts';

const page = renderPage(reportExample, makeCurves(measuredExample));
const places = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const executablePath = places.find((path) => existsSync(path));

it('holds everything in itself: no script, no address that a browser would fetch', () => {
  expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|\ssrc=/u);
  // Names of SVG itself are no addresses to fetch.
  expect([...page.matchAll(/https?:\/\/[^"'\s<]+/gu)].map(([address]) => address).filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
});

it('draws every part of the report, and gives each target its word', () => {
  for (const id of ['targets', 'one', 'computing', 'at-once', 'busy', 'far', 'trouble', 'simulator', 'memory', 'method']) expect(page).toContain(`<section id="${id}">`);
  expect(page.match(/<figure>/gu)?.length).toBeGreaterThanOrEqual(10);
  expect(page).toContain('<span class="badge met">met</span>');
  expect(page).toContain('<span class="badge missed">missed</span>');
  expect(page).toContain('<span class="badge unrun">not in this run</span>');
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/u);
});

if (executablePath === undefined) {
  it('was not loaded in a browser, because no Chromium was found', () => {
    console.info(`No Chromium was found, so the page was not loaded in one. Looked for: ${places.join(', ')}. Set CHROMIUM to its path.`);
    expect(places.filter((path) => existsSync(path))).toEqual([]);
  });
} else {
  it('loads in Chromium, light and dark, wide and narrow, without an error and without running over its edge', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotpath-page-'));
    const file = join(folder, 'page.html');
    writeFileSync(file, page);
    const opened = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1_280, 380]) {
          const problems: string[] = [];
          const tab = await opened.newPage({ viewport: { width, height: 900 }, colorScheme });
          tab.on('pageerror', (error) => problems.push(error.message));
          tab.on('console', (message) => problems.push(message.text()));
          tab.on('request', (request) => request.url().startsWith('file:') || problems.push(request.url()));
          await tab.goto(pathToFileURL(file).href);
          expect(problems).toEqual([]);
          expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          expect(await tab.locator('figure svg').count()).toBeGreaterThanOrEqual(10);
          expect(await tab.evaluate('[...document.querySelectorAll("figure svg path, figure svg line, figure svg circle")].length')).toBeGreaterThan(100);
          await tab.close();
        }
      }
    } finally {
      await opened.close();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
}
