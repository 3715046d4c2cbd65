// Writes what receipt-printer-encoder and receiptline send for a rich receipt, into a folder.

const fs = require('fs');
const path = require('path');
const Encoder = require('@point-of-sale/receipt-printer-encoder');
const receiptline = require('receiptline');
// What receiptline encodes with.
const iconv = require('iconv-lite');

const folder = process.argv[2];
const write = (name, bytes) => fs.writeFileSync(path.join(folder, name), bytes);

const rings = (width, height) => {
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            const distance = Math.hypot(x - width / 2, y - height / 2);
            data.fill(Math.floor(distance / 6) % 2 ? 0 : 255, (y * width + x) * 4, (y * width + x) * 4 + 3);
        }
    }
    return { data, width, height };
};

const Printer = Encoder.default || Encoder;
const encoder = new Printer({ language: 'esc-pos', columns: 42, feedBeforeCut: 2 });
write('receipt-printer-encoder-receipt.bin', encoder
    .initialize()
    .codepage('auto')
    .align('center').bold(true).size(2, 2).line('npm encoder').size(1, 1).bold(false).align('left')
    .line('Café, Ångström: 12,50 €')
    .line('Привет, мир. Γειά σου. Zażółć')
    .underline(true).line('underlined').underline(false)
    .invert(true).line('inverted').invert(false)
    .italic(true).line('italic').italic(false)
    .table([{ width: 20, align: 'left' }, { width: 10, align: 'right' }], [['Coffee', '3.20'], ['Bread', '2.75']])
    .rule({ style: 'double' })
    .image(rings(96, 64), 96, 64, 'threshold')
    .barcode('4006381333931', 'ean13', { height: 60, text: true })
    .barcode('ABC123', 'code128', { height: 60 })
    .barcode('0950110153000', 'gs1-databar-omni', { height: 60 })
    .qrcode('https://npm.example/2', { model: 2, size: 4, errorlevel: 'm' })
    .pdf417('PDF417 of the npm encoder', { width: 2, height: 3 })
    .pulse()
    .cut()
    .encode());

// It has no Kanji mode and makes `?` of Chinese: FS &, FS ! and the characters go by hand, as its `raw` is for.
const chinese = text => [...iconv.encode(text, 'gb18030')];
write('receipt-printer-encoder-chinese.bin', new Printer({ language: 'esc-pos', columns: 42, feedBeforeCut: 2 })
    .initialize()
    .raw([0x1c, 0x26])
    .size(2, 2).raw(chinese('中文收据')).newline().size(1, 1)
    .bold(true).raw(chinese('金额')).text('  ').raw(chinese('￥')).line('12.34').bold(false)
    .raw([0x1c, 0x21, 0x84]).raw(chinese('谢谢惠顾')).newline()
    .raw([0x1c, 0x21, 0, 0x1c, 0x2e])
    .line('Latin again')
    .cut()
    .encode());

const receipt = `^^^RECEIPTLINE

{width:24,*}
Coffee | 3.20
Bread | 2.75
---
"TOTAL | ^^5.95
Café, Ångström, _underlined_, \`inverted\`
{width:auto}
{code:https://receiptline.example/; option:qrcode,4,m}
{code:4006381333931; option:ean,2,60,hri}
{code:ABC123; option:code128,2,60}
=
`;
for (const [name, options] of [
    ['receiptline', { cpl: 42, encoding: 'multilingual', command: 'escpos' }],
    ['receiptline-chinese', { cpl: 42, encoding: 'gb18030', command: 'escpos' }],
]) {
    const text = name === 'receiptline' ? receipt : '^^中文收据\n金额 | ￥12.34\n---\n谢谢惠顾\n=\n';
    write(`${name}.bin`, Buffer.from(receiptline.transform(text, options), 'binary'));
}
