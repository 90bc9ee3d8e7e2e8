"""What one message may ask of its receiver; checked before anything is allocated for it."""

MESSAGE_BYTES = 8 * 1024 * 1024
ENVELOPE_BYTES = 4096
BATCH_ENVELOPES = 4096
DEPTH = 32
STRING_BYTES = 1024 * 1024
#: Maps, arrays and map entries in one document, together.
STRUCTURES = 131_072
#: Items of one stream that may be granted and not yet sent.
STREAM_CREDIT = 65_536
LARGEST_INTEGER = 2**53 - 1
FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})
