//! The matrix: schemes × limits × authentication × cardholder verification × what the card wants ×
//! faults, with outcome parameters, results and errors compared bit by bit with what the books say.
//!
//! Each row has its expectation written down with the clause it comes from; nothing is computed with
//! the code under test. Over the rows, the products of all dimensions are compared with oracles that
//! are written from the books once more, without the kernels' types.

mod case;
mod mastercard;
mod quick;
mod quick_product;
