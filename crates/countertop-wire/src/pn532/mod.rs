//! Frames and commands of the NXP PN532.
