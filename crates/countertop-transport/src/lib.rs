//! Byte transports (serial, TCP, in memory) with deadlines, a redacting tracer and a seeded fault injector.
