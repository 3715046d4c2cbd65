//! Driver for ESC/POS receipt printers and the cash drawers behind them.
