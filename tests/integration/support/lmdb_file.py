"""The database's file as it lies on disk, read without LMDB: where pages, nodes and values of each kind are."""
import struct

BRANCH, LEAF, OVERFLOW = 1, 2, 4
BIG, TREE = 1, 2
NONE = (1 << 64) - 1


class Tree:
    def __init__(self, data):
        self.depth, = struct.unpack_from("<H", data, 6)
        self.root, = struct.unpack_from("<Q", data, 40)


class File:
    """Pages in use: self.branches, self.leaves and self.overflows by the table's name; "" is the tree of the tables,
    "free" that of the free pages. self.values: (table, key, offset, size)."""

    def __init__(self, data):
        self.data = data
        self.page_bytes, = struct.unpack_from("<I", data, 40)
        metas = [struct.unpack_from("<Q", data, page * self.page_bytes + 144)[0] for page in (0, 1)]
        self.newest = metas.index(max(metas)) * self.page_bytes
        self.used = self.page_bytes * (1 + struct.unpack_from("<Q", data, self.newest + 136)[0])
        self.branches, self.leaves, self.overflows, self.values = {}, {}, {}, []
        for where, table in ((40, "free"), (88, "")):
            self.walk(table, Tree(data[self.newest + where:self.newest + where + 48]))
        for _, name, offset, _ in list(self.of("")):
            self.walk(name.decode(), Tree(data[offset:offset + 48]))

    def of(self, table):
        return [value for value in self.values if value[0] == table]

    def walk(self, table, tree):
        if tree.root != NONE:
            self.page(table, tree.root, tree.depth)

    def page(self, table, number, height):
        start = number * self.page_bytes
        lower, = struct.unpack_from("<H", self.data, start + 12)
        (self.leaves if height == 1 else self.branches).setdefault(table, []).append(start)
        for pointer in range(start + 16, start + lower, 2):
            node = start + struct.unpack_from("<H", self.data, pointer)[0]
            low, flags, key_size = struct.unpack_from("<IHH", self.data, node)
            if height > 1:
                self.page(table, low | flags << 32, height - 1)
                continue
            offset, key = node + 8 + key_size, self.data[node + 8:node + 8 + key_size]
            if flags & BIG:
                offset = struct.unpack_from("<Q", self.data, offset)[0] * self.page_bytes
                self.overflows.setdefault(table, []).append(offset)
                offset += 16
            self.values.append((table, bytes(key), offset, low))
