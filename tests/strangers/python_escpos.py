"""Writes what python-escpos sends for a rich receipt: python-escpos-receipt.bin in a folder."""

import sys
from pathlib import Path

from escpos.printer import Dummy
from PIL import Image, ImageDraw


def rings(width, height):
    image = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(image)
    for step in range(0, min(width, height) // 2, 8):
        draw.ellipse((step, step, width - 1 - step, height - 1 - step), fill=(step // 8) % 2)
    return image


printer = Dummy(profile="TM-T88III")
printer.hw("INIT")
printer.set(align="center", bold=True, custom_size=True, width=2, height=2)
printer.textln("python-escpos")
printer.set(align="left", bold=False, normal_textsize=True)
printer.textln("Café, Ångström, Ünïted: 12,50 €")
printer.textln("Привет, мир. Γειά σου. Zażółć")
printer.set(underline=2)
printer.textln("underlined twice")
printer.set(underline=0, invert=True)
printer.textln("inverted")
printer.set(invert=False, flip=True)
printer.textln("flipped")
printer.set(flip=False, font="b")
printer.textln("font b")
printer.set(font="a")
printer.ln(2)
# Chinese as people send it: by hand, for the library has no Kanji mode.
printer._raw(b"\x1c&" + "中文收据 ￥12.34".encode("gb18030") + b"\x1c.\n")
for implementation in ["bitImageRaster", "graphics", "bitImageColumn"]:
    printer.image(rings(96, 64), impl=implementation)
printer.barcode("4006381333931", "EAN13", height=60, width=2)
printer.barcode("{BABC123", "CODE128", height=60, width=2, function_type="B")
printer.barcode("12345678", "ITF", height=60, width=2)
printer.qr("https://python-escpos.example/2", native=True, size=4)
printer.buzzer()
printer.cashdraw(2)
printer.cut()
(Path(sys.argv[1]) / "python-escpos-receipt.bin").write_bytes(printer.output)
