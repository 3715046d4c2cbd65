// The peers on npm: prints median and least time, in microseconds, of encoding a receipt and a picture.
// Usage: node receipt.mjs LINES.txt PICTURE.png, in a folder whose node_modules has them.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.cwd() + '/');
const [, , linesFile, pictureFile] = process.argv;
const lines = readFileSync(linesFile, 'utf8').split('\n').filter((line) => line !== '');

function timed(work, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    work();
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  return [times[Math.floor(rounds / 2)], times[0]].map(Math.round).join('\t');
}

function tell(peer, what, time) {
  console.log([peer, what, time].join('\t'));
}

function pixels() {
  const { PNG } = require('pngjs');
  const { width, height, data } = PNG.sync.read(readFileSync(pictureFile));
  return { width, height, data: new Uint8ClampedArray(data) };
}

function encoder(options) {
  const Encoder = require('@point-of-sale/receipt-printer-encoder');
  return new (Encoder.default ?? Encoder)({ printerModel: 'epson-tm-t88vi', columns: 48, ...options });
}

function encodeLines(codepage) {
  const receipt = encoder({}).initialize().codepage(codepage);
  for (const line of lines) receipt.line(line);
  return receipt.encode();
}

tell('receipt-printer-encoder, cp437', 'receipt', timed(() => encodeLines('cp437'), 7));
tell('receipt-printer-encoder, automatic', 'receipt', timed(() => encodeLines('auto'), 3));

const picture = pixels();
for (const dither of ['threshold', 'floydsteinberg']) {
  const encode = () =>
    encoder({}).initialize().image(picture, picture.width, picture.height, dither).encode();
  tell(`receipt-printer-encoder, ${dither}`, 'picture', timed(encode, 7));
}

const { transform } = require('receiptline');
const markup = lines.map((line) => line.replace(/[\\|{}~_"`^]/g, '\\$&')).join('\n');
const printer = { cpl: 48, encoding: 'multilingual', command: 'escpos' };
tell('receiptline, multilingual', 'receipt', timed(() => transform(markup, printer), 15));
const chinese = { ...printer, encoding: 'gb18030' };
tell('receiptline, gb18030', 'receipt', timed(() => transform(markup, chinese), 15));
const png = readFileSync(pictureFile).toString('base64');
tell('receiptline', 'picture', timed(() => transform(`{image:${png}}`, printer), 7));
