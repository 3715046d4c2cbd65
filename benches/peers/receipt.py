"""The peer python-escpos: prints median and least time, in microseconds, of encoding a receipt and a picture.

Usage: receipt.py LINES.txt PICTURE.png
"""
import contextlib
import io
import statistics
import sys
import time

from escpos.printer import Dummy
from PIL import Image


def timed(work, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return f"{round(statistics.median(times) / 1000)}\t{round(min(times) / 1000)}"


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
        # It prints for each picture that it does not know the paper's width.
        with contextlib.redirect_stdout(io.StringIO()):
            printer.image(picture, impl="bitImageRaster")
        return printer.output

    print("python-escpos\treceipt\t", timed(receipt, 15), sep="")
    print("python-escpos\tpicture\t", timed(image, 15), sep="")


main(*sys.argv[1:])
