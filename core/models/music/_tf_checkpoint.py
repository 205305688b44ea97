"""Reads the tensors of a TensorFlow checkpoint (version 2, "tensor bundle"), without TensorFlow.

The index is a table of LevelDB: blocks of keys that share their beginnings, with protobuf messages as values
(tensorflow/core/util/tensor_bundle, tensorflow/core/lib/io/format.cc). Compressed blocks are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FOOTER = 48
_DTYPES = {1: "<f4"}
_DTYPE, _SHAPE, _OFFSET, _DIM, _SIZE = 1, 2, 4, 2, 1
"""Numbers of the fields in `BundleEntryProto` and `TensorShapeProto`."""

Tensors = dict[str, NDArray[np.float32]]


def load(index: bytes, data: bytes) -> Tensors:
    """The float tensors by their names, from the content of the two files of a checkpoint.

    Raises:
        ValueError: the index has compressed blocks, or is none.
    """
    found: Tensors = {}
    footer = index[-_FOOTER:]
    _, _, at = _handle(footer, 0)
    offset, size, _ = _handle(footer, at)
    for _, value in _entries(index, offset, size):
        block_offset, block_size, _ = _handle(value, 0)
        for key, entry in _entries(index, block_offset, block_size):
            dtype, shape, start = 1, [], 0
            for field, content in _fields(entry) if key else ():
                if field == _DTYPE and isinstance(content, int):
                    dtype = content
                elif field == _SHAPE and isinstance(content, bytes):
                    shape = [_dimension(dim) for number, dim in _fields(content) if number == _DIM]
                elif field == _OFFSET and isinstance(content, int):
                    start = content
            if key and dtype in _DTYPES:
                count = int(np.prod(shape, dtype=np.int64))
                tensor = np.frombuffer(data, _DTYPES[dtype], count, start).reshape(shape)
                found[key.decode()] = tensor.astype(np.float32)
    return found


def files(folder: Path, name: str) -> tuple[Path, Path]:
    """The index and the data of a checkpoint that has one part."""
    return folder / f"{name}.index", folder / f"{name}.data-00000-of-00001"


def _dimension(message: int | bytes) -> int:
    sizes = [size for number, size in _fields(message) if number == _SIZE] if isinstance(message, bytes) else []
    return int(sizes[0]) if sizes else 0


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _handle(content: bytes, at: int) -> tuple[int, int, int]:
    """Offset and size of a block, and where the next handle begins."""
    offset, at = _varint(content, at)
    size, at = _varint(content, at)
    return offset, size, at


def _entries(content: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block."""
    if content[offset + size]:
        raise ValueError("a compressed checkpoint")
    block = content[offset : offset + size]
    restarts = struct.unpack("<I", block[-4:])[0]
    at, key = 0, b""
    while at < len(block) - 4 - 4 * restarts:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        at += own
        yield key, block[at : at + length]
        at += length


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a protobuf message."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        value: int | bytes
        if kind == 0:
            value, at = _varint(message, at)
        else:
            length, at = _varint(message, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value = message[at : at + length]
            at += length
        yield tag >> 3, value
