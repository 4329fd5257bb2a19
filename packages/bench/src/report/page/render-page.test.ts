import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseHTML } from 'linkedom';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeCurves } from '../make-curves.ts';
import { measuredExample, reportExample } from '../report-example.ts';
import { renderPage } from './render-page.ts';

const page = renderPage(reportExample, makeCurves(measuredExample));
const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = places.find((path) => existsSync(path));

it('holds everything in itself: no script, no address that a browser would fetch', () => {
  expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|\ssrc=/u);
  // Names of SVG itself are no addresses to fetch.
  expect(
    [...page.matchAll(/https?:\/\/[^"'\s<]+/gu)]
      .map(([address]) => address)
      .filter((address) => !address.startsWith('http://www.w3.org/')),
  ).toEqual([]);
});

it('draws every part of the report, and gives each target its word', () => {
  for (const id of [
    'targets',
    'one',
    'computing',
    'at-once',
    'busy',
    'far',
    'trouble',
    'simulator',
    'memory',
    'method',
  ])
    expect(page).toContain(`<section id="${id}">`);
  expect(page.match(/<figure>/gu)?.length).toBeGreaterThanOrEqual(10);
  expect(page).toContain('<span class="badge met">met</span>');
  expect(page).toContain('<span class="badge missed">missed</span>');
  expect(page).toContain('<span class="badge unrun">not in this run</span>');
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/u);
});

it('loads in Chromium where it is found, light and dark, wide and narrow, without an error and without running over its edge', async () => {
  const figures =
    executablePath === undefined ? figuresUnloaded() : await figuresLoaded(executablePath);
  for (const { problems, drawings, badly, scrollWidth, width } of figures) {
    expect(problems).toEqual([]);
    expect(badly).toEqual([]);
    expect(drawings).toBeGreaterThanOrEqual(10);
    expect(scrollWidth).toBeLessThanOrEqual(width);
  }
}, 60_000);

interface Look {
  readonly width: number;
  readonly scrollWidth: number;
  readonly drawings: number;
  readonly problems: readonly string[];
  /** Words of drawings that lie on one another or stand out of their figure. */
  readonly badly: readonly string[];
}

function figuresUnloaded(): Look[] {
  console.info(
    `No Chromium was found, so the page was not loaded in a browser, only parsed. Looked for: ${places.join(', ')}. Set CHROMIUM to its path.`,
  );
  return [
    {
      width: 0,
      scrollWidth: 0,
      drawings: parseHTML(page).document.querySelectorAll('figure .wide svg').length,
      problems: [],
      badly: [],
    },
  ];
}

async function figuresLoaded(path: string): Promise<Look[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hotpath-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, page);
  const browser = await chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  try {
    const looks: Look[] = [];
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1_280, 380])
        looks.push(await lookAt(browser, pathToFileURL(file).href, width, colorScheme));
    return looks;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

async function lookAt(
  browser: Browser,
  url: string,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<Look> {
  const problems: string[] = [];
  const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('console', (message) => problems.push(message.text()));
  tab.on('request', (request) => request.url().startsWith('file:') || problems.push(request.url()));
  await tab.goto(url);
  const scrollWidth = Number(await tab.evaluate('document.documentElement.scrollWidth'));
  const drawings = await tab.locator('figure svg:visible').count();
  const badly: string[] = await tab.evaluate(badlyPlaced);
  await tab.close();
  return { width, scrollWidth, drawings, problems, badly };
}

/** Runs in the page. */
const badlyPlaced = `[...document.querySelectorAll('figure')].flatMap((figure) => {
  const edge = figure.getBoundingClientRect();
  const words = [...figure.querySelectorAll('svg text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() })).filter(({ text, box }) => box.width > 0 && text.length > 1);
  const outside = words.filter(({ box }) => box.left < edge.left || box.right > edge.right || box.top < edge.top || box.bottom > edge.bottom).map(({ text }) => text + ' stands outside');
  const isOn = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  const covered = words.flatMap((one, index) => words.slice(index + 1).filter((other) => isOn(one.box, other.box)).map((other) => one.text + ' lies on ' + other.text));
  return [...outside, ...covered];
})`;
