"""Writes what every side prints: a receipt of 1,000 lines and a grey picture of 576 × 2000 dots.

Usage: make.py LINES.txt PICTURE.png
"""
import sys

from PIL import Image

GOODS = [
    "Espresso", "Crème brûlée", "Grüner Tee", "Кофе чёрный", "红茶 大杯", "Smörgås", "Ελληνικός καφές",
    "豆浆油条", "Żurek z jajkiem", "Sandwich", "乌龙茶（热）", "Türk kahvesi",
]


def line(number):
    name = GOODS[number % len(GOODS)]
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in name)
    price = f"{number * 37 % 9000 / 100 + 1:.2f}"
    return f"{number:04d} {name}" + " " * (48 - 5 - wide - len(price)) + price


def main(lines, picture):
    with open(lines, "w", encoding="utf-8") as file:
        file.writelines(line(number) + "\n" for number in range(1000))
    width, height = 576, 2000
    image = Image.new("RGBA", (width, height))
    image.putdata([
        ((x * 255 // width + y * 3) % 256, (y * 255 // height) % 256, (x ^ y) % 256, 255)
        for y in range(height) for x in range(width)
    ])
    image.save(picture)


main(*sys.argv[1:])
