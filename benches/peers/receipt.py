"""The peer python-escpos: prints the median time, in microseconds, of encoding a receipt and a picture.

Usage: receipt.py LINES.txt PICTURE.png
"""
import statistics
import sys
import time

from escpos.printer import Dummy
from PIL import Image


def median(work, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return round(statistics.median(times) / 1000)


def main(lines, picture):
    with open(lines, encoding="utf-8") as file:
        lines = file.read().splitlines()
    picture = Image.open(picture)
    picture.load()

    def receipt():
        printer = Dummy(profile="TM-T88V")
        for line in lines:
            printer.textln(line)
        return printer.output

    def image():
        printer = Dummy()
        printer.image(picture, impl="bitImageRaster")
        return printer.output

    print("python-escpos\treceipt\t", median(receipt, 15), sep="")
    print("python-escpos\tpicture\t", median(image, 15), sep="")


main(*sys.argv[1:])
