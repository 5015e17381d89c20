/**
 * Writes an LMDB environment in one pass from records in key order: a bulk load, nothing else. The bytes
 * depend on the records alone (no address, no clock), so that a data set made twice has one digest.
 *
 * Layout as of LMDB 0.9 (data version 1, 64 bit, little endian; `mdb.c` of OpenLDAP's LMDB): two meta pages,
 * then leaf pages and the runs of overflow pages of large values, then the branch pages level by level. Meta
 * page 0 is the empty transaction 0 and meta page 1 the transaction 1 that holds everything, as after one commit.
 */

const PAGE_SIZE = 4096;
const PAGE_HEADER = 16;
const NODE_HEADER = 8;
const MAX_KEY = 511;
/** The largest node kept inside a leaf page: two of them must fit (`me_nodemax`). */
const MAX_NODE = (((PAGE_SIZE - PAGE_HEADER) / 2) & -2) - 2;

const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
const BIG_DATA = 0x01;
const INTEGER_KEY = 0x08;
const NO_PAGE = 0xffffffffffffffffn;

const even = (size) => (size + 1) & -2;

/**
 * @param {Iterable<{ key: Buffer, value: Buffer }>} records in strictly ascending byte order of their keys
 * @returns {Buffer} the bytes of `data.mdb`
 */
export function writeLmdb(records) {
  const pages = [Buffer.alloc(PAGE_SIZE), Buffer.alloc(PAGE_SIZE)];
  const counts = { branch: 0, leaf: 0, overflow: 0, entries: 0 };
  const root = { page: NO_PAGE, depth: 0 };

  let level = writeLeaves(pages, records, counts);
  if (level.length > 0) root.depth = 1;
  while (level.length > 1) {
    level = writeBranches(pages, level, counts);
    root.depth++;
  }
  if (level.length === 1) root.page = BigInt(level[0].page);

  const pageCount = pages.reduce((sum, page) => sum + page.length / PAGE_SIZE, 0);
  pages[0] = metaPage(0, 1, { page: NO_PAGE, depth: 0 }, { branch: 0, leaf: 0, overflow: 0, entries: 0 }, pageCount);
  pages[1] = metaPage(1, pageCount - 1, root, counts, pageCount);
  return Buffer.concat(pages);
}

function writeLeaves(pages, records, counts) {
  const level = [];
  let nextPage = 2;
  let nodes = [];
  let used = PAGE_HEADER;
  let bigValues = [];
  let previous;
  const flush = () => {
    if (nodes.length === 0) return;
    level.push({ page: nextPage, firstKey: nodes[0].key });
    let overflowPage = nextPage + 1;
    for (const { node, value, pages: run } of bigValues) {
      node.data.writeBigUInt64LE(BigInt(overflowPage));
      value.page.writeBigUInt64LE(BigInt(overflowPage), 0);
      overflowPage += run;
    }
    pages.push(treePage(nextPage, LEAF, nodes), ...bigValues.map(({ value }) => value.page));
    nextPage = overflowPage;
    counts.leaf++;
    nodes = [];
    bigValues = [];
    used = PAGE_HEADER;
  };
  for (const { key, value } of records) {
    if (key.length === 0 || key.length > MAX_KEY)
      throw new Error(`key of ${key.length} bytes; LMDB takes 1 to ${MAX_KEY}`);
    if (previous && Buffer.compare(previous, key) >= 0) throw new Error(`keys out of order at '${key}'`);
    previous = key;
    const isBig = NODE_HEADER + key.length + value.length > MAX_NODE;
    const node = {
      key,
      data: isBig ? Buffer.alloc(8) : value,
      head: [value.length & 0xffff, value.length >>> 16, isBig ? BIG_DATA : 0],
    };
    const size = 2 + even(NODE_HEADER + key.length + node.data.length);
    if (used + size > PAGE_SIZE) flush();
    nodes.push(node);
    used += size;
    counts.entries++;
    if (isBig) {
      const run = Math.ceil((PAGE_HEADER + value.length) / PAGE_SIZE);
      bigValues.push({ node, pages: run, value: { page: overflowPages(value, run) } });
      counts.overflow += run;
    }
  }
  flush();
  return level;
}

/** A run of pages with one header and the value behind it; its page number is set when the leaf is placed. */
function overflowPages(value, run) {
  const page = Buffer.alloc(run * PAGE_SIZE);
  page.writeUInt16LE(OVERFLOW, 10);
  page.writeUInt32LE(run, 12);
  value.copy(page, PAGE_HEADER);
  return page;
}

function writeBranches(pages, children, counts) {
  const groups = [];
  let group = [];
  let used = PAGE_HEADER;
  for (const child of children) {
    // The key of a branch page's first node is never looked at and is left out.
    const size = 2 + even(NODE_HEADER + (group.length === 0 ? 0 : child.firstKey.length));
    if (used + size > PAGE_SIZE) {
      groups.push(group);
      group = [];
      used = PAGE_HEADER;
    }
    group.push(child);
    used += group.length === 1 ? 2 + NODE_HEADER : size;
  }
  groups.push(group);
  // LMDB wants two children under every branch page.
  if (group.length === 1) group.unshift(groups.at(-2).pop());

  let nextPage = pages.reduce((sum, page) => sum + page.length / PAGE_SIZE, 0);
  return groups.map((members) => {
    const nodes = members.map(({ page, firstKey }, i) => ({
      key: i === 0 ? Buffer.alloc(0) : firstKey,
      data: Buffer.alloc(0),
      head: [page & 0xffff, (page >>> 16) & 0xffff, 0],
    }));
    pages.push(treePage(nextPage, BRANCH, nodes));
    counts.branch++;
    return { page: nextPage++, firstKey: members[0].firstKey };
  });
}

/** Nodes grow down from the page's end, their 2-byte offsets up from the header. */
function treePage(number, flags, nodes) {
  const page = Buffer.alloc(PAGE_SIZE);
  let upper = PAGE_SIZE;
  nodes.forEach(({ key, data, head }, i) => {
    upper -= even(NODE_HEADER + key.length + data.length);
    page.writeUInt16LE(upper, PAGE_HEADER + 2 * i);
    head.forEach((half, h) => page.writeUInt16LE(half, upper + 2 * h));
    page.writeUInt16LE(key.length, upper + 6);
    key.copy(page, upper + NODE_HEADER);
    data.copy(page, upper + NODE_HEADER + key.length);
  });
  page.writeBigUInt64LE(BigInt(number), 0);
  page.writeUInt16LE(flags, 10);
  page.writeUInt16LE(PAGE_HEADER + 2 * nodes.length, 12);
  page.writeUInt16LE(upper, 14);
  return page;
}

function metaPage(number, lastPage, root, counts, mapPages) {
  const page = Buffer.alloc(PAGE_SIZE);
  page.writeBigUInt64LE(BigInt(number), 0);
  page.writeUInt16LE(META, 10);
  page.writeUInt32LE(0xbeefc0de, 16);
  page.writeUInt32LE(1, 20);
  page.writeBigUInt64LE(BigInt(mapPages * PAGE_SIZE), 32);
  page.writeUInt32LE(PAGE_SIZE, 40);
  page.writeUInt16LE(INTEGER_KEY, 44);
  page.writeBigUInt64LE(NO_PAGE, 80);
  page.writeUInt16LE(root.depth, 94);
  [counts.branch, counts.leaf, counts.overflow, counts.entries].forEach((count, i) => {
    page.writeBigUInt64LE(BigInt(count), 96 + 8 * i);
  });
  page.writeBigUInt64LE(root.page, 128);
  page.writeBigUInt64LE(BigInt(lastPage), 136);
  page.writeBigUInt64LE(BigInt(number), 144);
  return page;
}
