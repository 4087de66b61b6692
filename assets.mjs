// Builds what pages and documents need out of node_modules into build/ (ignored by git):
//   build/static/vendor/htmx.min.js, echarts.js   scripts, for Chromium 86 and newer
//   build/static/icons.svg                        one sprite; outline id = name, filled id = f-name
//   build/fonts/*.ttf                             fonts of documents; pages load no fonts
//   build/axe.min.js                              for tests only
// It also refuses style sheets and scripts that Chromium 86 would not understand.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const MODULES = path.join(ROOT, 'node_modules');
const BUILD = process.env.BUILD_DIR || path.join(ROOT, 'build');
const TARGET = 'chrome86';

// A test compares this list with the names that templates and words ask for.
const ICONS = `adjustments alert-circle alert-octagon alert-triangle archive arrow-back-up arrow-down
  arrow-left arrow-right arrow-up arrows-sort ban bell bookmark briefcase building building-bank
  bulb calendar calendar-due calendar-event calendar-time chart-bar chart-dots check checks
  chevron-down chevron-left chevron-right chevron-up circle-arrow-right circle-check circle-dashed
  circle-x clipboard-check clipboard-list clock clock-exclamation clock-pause cloud-check cloud-off
  copy database device-floppy dots download edit external-link eye file-export file-import
  file-spreadsheet file-text file-type-pdf file-type-docx filter flag folder git-compare hand-stop
  help-circle history home hourglass info-circle key keyboard layout-dashboard link list list-check
  lock lock-open logout mail map-pin menu-2 message message-report minus moon notebook paperclip
  pencil percentage phone plug-connected-x plus point presentation printer quote refresh replace
  report-analytics rotate scale search send settings shield-lock sitemap speakerphone
  stack-2 sun swipe switch-horizontal table target timeline tools trash upload
  user user-circle user-plus users world writing x`.split(/\s+/);
const FILLED = ['circle-check', 'circle', 'star'];

const read = (...parts) => fs.readFileSync(path.join(MODULES, ...parts));
const write = (name, data) => {
  const file = path.join(BUILD, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, data);
};

function icons() {
  const symbol = (id, folder, name) => {
    const file = path.join(MODULES, '@tabler/icons/icons', folder, `${name}.svg`);
    if (!fs.existsSync(file)) throw new Error(`icon «${name}» does not exist (${folder})`);
    const body = fs.readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '')
      .replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').replace(/>\s+</g, '><').trim();
    return `<symbol id="${id}" viewBox="0 0 24 24">${body}</symbol>`;
  };
  const all = [
    ...ICONS.map((name) => symbol(name, 'outline', name)),
    ...FILLED.map((name) => symbol(`f-${name}`, 'filled', name)),
  ];
  write('static/icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${all.join('')}</svg>\n`);
}

async function charts() {
  const entry = `
    import { use } from 'echarts/core';
    import { BarChart, LineChart, ScatterChart, CustomChart } from 'echarts/charts';
    import { GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, AriaComponent,
             DatasetComponent } from 'echarts/components';
    import { SVGRenderer } from 'echarts/renderers';
    use([BarChart, LineChart, ScatterChart, CustomChart, GridComponent, TooltipComponent,
         LegendComponent, MarkLineComponent, AriaComponent, DatasetComponent, SVGRenderer]);
    export { init, version } from 'echarts/core';`;
  const result = await esbuild.build({
    stdin: { contents: entry, resolveDir: ROOT, sourcefile: 'charts-entry.js' },
    bundle: true, minify: true, write: false, format: 'iife', globalName: 'echarts',
    target: TARGET, legalComments: 'none', define: { 'process.env.NODE_ENV': '"production"' },
  });
  // «var» at the top of the file makes the global, in a page and in the bare engine of the server.
  const licence = '/* Apache ECharts, Apache-2.0; zrender, BSD-3-Clause */\n';
  write('static/vendor/echarts.js', licence + result.outputFiles[0].text);
}

function sfntFromWoff(woff) {
  // WOFF 1.0: header of 44 bytes, then 20 bytes a table; tables are stored or zlib-packed.
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF 1.0 file');
  const count = woff.readUInt16BE(12);
  const power = 2 ** Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE((count - power) * 16, 10);
  const body = [];
  let offset = head.length;
  for (let i = 0; i < count; i += 1) {
    const at = 44 + 20 * i;
    const [start, packed, full, sum] = [4, 8, 12, 16].map((shift) => woff.readUInt32BE(at + shift));
    const raw = woff.subarray(start, start + packed);
    const table = packed < full ? zlib.inflateSync(raw) : raw;
    if (table.length !== full) throw new Error('a table of the font is damaged');
    woff.copy(head, 12 + 16 * i, at, at + 4);
    head.writeUInt32BE(sum, 16 + 16 * i);
    head.writeUInt32BE(offset, 20 + 16 * i);
    head.writeUInt32BE(full, 24 + 16 * i);
    body.push(table, Buffer.alloc((4 - (full % 4)) % 4));
    offset += full + ((4 - (full % 4)) % 4);
  }
  return Buffer.concat([head, ...body]);
}

function fonts() {
  for (const [pack, name] of [['noto-serif-sc', 'NotoSerifSC'], ['noto-sans-sc', 'NotoSansSC']]) {
    for (const [folder, weight] of [['400Regular', 'Regular'], ['700Bold', 'Bold']]) {
      const file = read('@expo-google-fonts', pack, folder, `${name}_${folder}.ttf`);
      write(`fonts/${name}-${weight}.ttf`, file);
    }
  }
  const kai = read('@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-500-normal.woff');
  write('fonts/LXGWWenKai-Medium.ttf', sfntFromWoff(kai));
}

// --- What Chromium 86 lacks ------------------------------------------------------------------
const LACKING = [
  [/:has\(/, ':has()'], [/:is\(/, ':is()'], [/:where\(/, ':where()'], [/color-mix\(/, 'color-mix()'],
  [/light-dark\(/, 'light-dark()'], [/@layer\b/, '@layer'], [/@container\b/, '@container'],
  [/(^|[\s;{])inset\s*:/, 'inset:'], [/:not\([^)]*[\s,>+~][^)]*\)/, ':not() with a list'],
  [/:not\([^()]*[^()\s.:#[]+[.:#[][^)]*\)/, ':not() with a compound'],
  [/(^|[\s;{])aspect-ratio\s*:/, 'aspect-ratio:'], [/\d(dvh|svh|lvh)\b/, 'dvh, svh, lvh'],
];

function nestedAt(css) {
  // Rules may stand inside at-rules only; returns the offset of one inside another rule, or -1.
  const open = [];
  let from = 0;
  for (let i = 0; i < css.length; i += 1) {
    if (css[i] === '{') {
      if (open.includes('rule')) return i;
      open.push(/^\s*@/.test(css.slice(from, i)) ? 'at' : 'rule');
      from = i + 1;
    } else if (css[i] === '}' || css[i] === ';') {
      if (css[i] === '}') open.pop();
      from = i + 1;
    }
  }
  return -1;
}

async function check(file) {
  const text = fs.readFileSync(file, 'utf8');
  const name = path.relative(ROOT, file);
  if (file.endsWith('.css')) {
    const css = text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '))
      .replace(/"[^"\n]*"/g, (s) => `"${' '.repeat(s.length - 2)}"`);
    const faults = LACKING.map(([pattern, what]) => [css.search(pattern), what]);
    faults.push([nestedAt(css), 'nested rules']);
    return faults.filter(([at]) => at >= 0)
      .map(([at, what]) => `${name}:${css.slice(0, at + 1).split('\n').length}: ${what} is not known to Chromium 86`);
  }
  const shape = async (target) => (await esbuild.transform(text, { target, minify: true })).code;
  return (await shape(TARGET)) === (await shape('esnext'))
    ? [] : [`${name}: uses syntax that Chromium 86 does not know`];
}

async function main() {
  const own = fs.readdirSync(path.join(ROOT, 'static'), { recursive: true })
    .map((name) => path.join(ROOT, 'static', name)).filter((name) => /\.(css|js)$/.test(name));
  const extra = process.argv.slice(2).filter((one) => !one.startsWith('--'));
  const files = extra.length ? extra.map((one) => path.resolve(one)) : own;
  const faults = (await Promise.all(files.map(check))).flat();
  if (faults.length) {
    process.stderr.write(`${faults.join('\n')}\n`);
    process.exit(1);
  }
  if (process.argv.includes('--check')) return;
  icons();
  await charts();
  write('static/vendor/htmx.min.js', read('htmx.org/dist/htmx.min.js'));
  fonts();
  write('axe.min.js', read('axe-core/axe.min.js'));
}

await main();
