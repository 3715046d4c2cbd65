//! Files that are no such device refuse; bad sizes never reach the kernel.

use std::fs::File;
use std::io::ErrorKind;

use countertop_ioctl::{gadget_printer, hidraw, usblp};

const ENOTTY: i32 = 25;

#[test]
fn a_file_of_another_kind_refuses() {
    let null = File::open("/dev/null").unwrap();
    let errors = [
        hidraw::send_feature(&null, &[0; 8]).unwrap_err(),
        hidraw::get_feature(&null, &mut [0; 8]).unwrap_err(),
        hidraw::report_descriptor(&null).unwrap_err(),
        usblp::port_status(&null).unwrap_err(),
        gadget_printer::set_port_status(&null, 0x18).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.raw_os_error(), Some(ENOTTY), "{error}");
    }
}

#[test]
fn sizes_are_checked_first() {
    let null = File::open("/dev/null").unwrap();
    for size in [0, 1, 0x4000] {
        let sent = hidraw::send_feature(&null, &vec![0; size]).unwrap_err();
        let got = hidraw::get_feature(&null, &mut vec![0; size]).unwrap_err();
        assert_eq!([sent.kind(), got.kind()], [ErrorKind::InvalidInput; 2], "{size}");
    }
}
