/*
 * The request's file: 32-bit numbers and texts, each text padded to 4 bytes.
 *
 *   magic version flags name_size unit_count  name
 *   per unit: kind piece_count value_count passing_count probe_count
 *             line and size of each piece; value lines; passing lines
 *             kind, line, column, first, last and size of each probe
 *             the pieces' sources; the probes' texts
 *
 * The file is sealed, so that what was checked stays true while it is mapped.
 */
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REQUEST_MAGIC 0x50525131u /* "PRQ1" */
#define REQUEST_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* No source that fits has more lines. */
#define LINE_MAX_OF_SOURCE WIRE_REQUEST_MAX

static bool name_is_fine(const char *name, size_t size) {
  if (size == 0 || size > NAME_MAX || memchr(name, '/', size) || memchr(name, '\0', size))
    return false;
  return !(size == 1 && name[0] == '.') && !(size == 2 && name[0] == '.' && name[1] == '.');
}

static bool unit_is_fine(const WireUnit *unit) {
  if (unit->kind == WIRE_SCRIPT)
    return unit->piece_count == 1;
  return unit->kind == WIRE_TRANSCRIPT && unit->piece_count >= 1;
}

static bool line_is_fine(uint32_t line) {
  return line >= 1 && line <= LINE_MAX_OF_SOURCE;
}

static bool probe_is_fine(const WireProbe *probe) {
  return probe->kind >= WIRE_PROBE_AFTER && probe->kind <= WIRE_PROBE_FINAL &&
         line_is_fine(probe->line) && probe->column <= LINE_MAX_OF_SOURCE &&
         probe->first <= probe->last && probe->last <= LINE_MAX_OF_SOURCE &&
         probe->size <= WIRE_REQUEST_MAX &&
         !(probe->size > 0 && memchr(probe->text, '\0', probe->size));
}

/* --- writing ----------------------------------------------------------- */

typedef struct {
  char *bytes; /* NULL while only the size is counted */
  uint64_t size;
} Writer;

static void put_number(Writer *writer, uint32_t number) {
  if (writer->bytes)
    memcpy(writer->bytes + writer->size, &number, sizeof number);
  writer->size += sizeof number;
}

static void put_bytes(Writer *writer, const char *bytes, size_t size) {
  if (writer->bytes && size > 0)
    memcpy(writer->bytes + writer->size, bytes, size);
  writer->size += (size + 3) & ~(size_t)3;
}

static void put_request(Writer *writer, const WireRequest *request) {
  put_number(writer, REQUEST_MAGIC);
  put_number(writer, WIRE_VERSION);
  put_number(writer, request->flags);
  put_number(writer, request->name_size);
  put_number(writer, request->unit_count);
  put_bytes(writer, request->name, request->name_size);
  for (uint32_t i = 0; i < request->unit_count; i++) {
    const WireUnit *unit = &request->units[i];
    put_number(writer, unit->kind);
    put_number(writer, unit->piece_count);
    put_number(writer, unit->value_count);
    put_number(writer, unit->passing_count);
    put_number(writer, unit->probe_count);
    for (uint32_t k = 0; k < unit->piece_count; k++) {
      put_number(writer, unit->pieces[k].line);
      put_number(writer, unit->pieces[k].size);
    }
    for (uint32_t k = 0; k < unit->value_count; k++)
      put_number(writer, unit->value_lines[k]);
    for (uint32_t k = 0; k < unit->passing_count; k++)
      put_number(writer, unit->passing_lines[k]);
    for (uint32_t k = 0; k < unit->probe_count; k++) {
      put_number(writer, unit->probes[k].kind);
      put_number(writer, unit->probes[k].line);
      put_number(writer, unit->probes[k].column);
      put_number(writer, unit->probes[k].first);
      put_number(writer, unit->probes[k].last);
      put_number(writer, unit->probes[k].size);
    }
    for (uint32_t k = 0; k < unit->piece_count; k++)
      put_bytes(writer, unit->pieces[k].source, unit->pieces[k].size);
    for (uint32_t k = 0; k < unit->probe_count; k++)
      put_bytes(writer, unit->probes[k].text, unit->probes[k].size);
  }
}

/* 0, or the error number for a request that no reader would take. */
static int request_fault(const WireRequest *request) {
  if (request->unit_count > WIRE_UNITS_MAX)
    return E2BIG;
  if (request->unit_count == 0 || !name_is_fine(request->name, request->name_size))
    return EINVAL;
  uint64_t pieces = 0, probes = 0;
  for (uint32_t i = 0; i < request->unit_count; i++) {
    const WireUnit *unit = &request->units[i];
    if (!unit_is_fine(unit))
      return EINVAL;
    pieces += unit->piece_count;
    probes += unit->probe_count;
    if (pieces > WIRE_PIECES_MAX || probes > WIRE_PROBES_MAX)
      return E2BIG;
    for (uint32_t k = 0; k < unit->piece_count; k++)
      if (!line_is_fine(unit->pieces[k].line))
        return EINVAL;
    for (uint32_t k = 0; k < unit->probe_count; k++)
      if (!probe_is_fine(&unit->probes[k]))
        return EINVAL;
  }
  return 0;
}

static int write_all(int descriptor, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return -1;
    bytes += written;
    size -= (size_t)written;
  }
  return 0;
}

int wire_request_write(const WireRequest *request, uint32_t *size) {
  int fault = request_fault(request);
  Writer writer = {0};
  if (!fault) {
    put_request(&writer, request);
    if (writer.size > WIRE_REQUEST_MAX)
      fault = E2BIG;
  }
  if (fault) {
    errno = fault;
    return -1;
  }
  uint32_t total = (uint32_t)writer.size;
  writer = (Writer){.bytes = calloc(1, total)};
  if (!writer.bytes)
    return -1;
  put_request(&writer, request);

  int descriptor = memfd_create("proctor-request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor >= 0 && (write_all(descriptor, writer.bytes, total) < 0 ||
                          fcntl(descriptor, F_ADD_SEALS, REQUEST_SEALS | F_SEAL_SEAL) < 0)) {
    int error = errno;
    close(descriptor);
    errno = error;
    descriptor = -1;
  }
  int error = errno;
  free(writer.bytes);
  errno = error;
  if (descriptor >= 0)
    *size = total;
  return descriptor;
}

/* --- reading ----------------------------------------------------------- */

typedef struct {
  const char *bytes;
  size_t size;
  size_t at;
  bool is_short; /* something was wanted beyond the end */
} Reader;

/* The storage of a request: this, its units, pieces, probes and line numbers. */
typedef struct {
  void *map;
  size_t map_size;
  _Alignas(max_align_t) char arrays[];
} Storage;

static const char *get_bytes(Reader *reader, size_t size) {
  size_t padded = (size + 3) & ~(size_t)3;
  if (reader->is_short || padded < size || padded > reader->size - reader->at) {
    reader->is_short = true;
    return NULL;
  }
  const char *bytes = reader->bytes + reader->at;
  reader->at += padded;
  return bytes;
}

static uint32_t get_number(Reader *reader) {
  uint32_t number = 0;
  const char *bytes = get_bytes(reader, sizeof number);
  if (bytes)
    memcpy(&number, bytes, sizeof number);
  return number;
}

/* What the arrays need, known after a first reading. */
typedef struct {
  uint64_t pieces;
  uint64_t probes;
  uint64_t lines;
} Counts;

/* Where the next ones go; all NULL when only counting. */
typedef struct {
  WirePiece *pieces;
  WireProbe *probes;
  uint32_t *lines;
} Room;

/* Reads the head: false where it is malformed. */
static bool get_head(Reader *reader, WireRequest *request) {
  bool known = get_number(reader) == REQUEST_MAGIC && get_number(reader) == WIRE_VERSION;
  request->flags = get_number(reader);
  request->name_size = get_number(reader);
  request->unit_count = get_number(reader);
  request->name = get_bytes(reader, request->name_size);
  return known && !reader->is_short && request->unit_count >= 1 &&
         request->unit_count <= WIRE_UNITS_MAX &&
         !(request->flags & ~(uint32_t)(WIRE_HOLD_BACK | WIRE_LINE_BUFFERED)) &&
         name_is_fine(request->name, request->name_size);
}

/* Reads one unit into what `room` has. false where it is malformed. */
static bool get_unit(Reader *reader, WireUnit *unit, Room room, Counts *counts) {
  unit->kind = get_number(reader);
  unit->piece_count = get_number(reader);
  unit->value_count = get_number(reader);
  unit->passing_count = get_number(reader);
  unit->probe_count = get_number(reader);
  counts->pieces += unit->piece_count;
  counts->probes += unit->probe_count;
  uint64_t line_count = (uint64_t)unit->value_count + unit->passing_count;
  counts->lines += line_count;
  if (!unit_is_fine(unit) || counts->pieces > WIRE_PIECES_MAX || counts->probes > WIRE_PROBES_MAX)
    return false;
  const char *places = get_bytes(reader, (size_t)unit->piece_count * 2 * sizeof(uint32_t));
  const char *marks = get_bytes(reader, (size_t)line_count * sizeof(uint32_t));
  const char *probes = get_bytes(reader, (size_t)unit->probe_count * 6 * sizeof(uint32_t));
  if (reader->is_short)
    return false;
  for (uint32_t i = 0; i < unit->piece_count; i++) {
    uint32_t place[2];
    memcpy(place, places + i * sizeof place, sizeof place);
    const char *source = get_bytes(reader, place[1]);
    if (reader->is_short || !line_is_fine(place[0]))
      return false;
    if (room.pieces)
      room.pieces[i] = (WirePiece){.line = place[0], .size = place[1], .source = source};
  }
  for (uint32_t i = 0; i < unit->probe_count; i++) {
    uint32_t part[6];
    memcpy(part, probes + i * sizeof part, sizeof part);
    WireProbe probe = {.kind = part[0],
                       .line = part[1],
                       .column = part[2],
                       .first = part[3],
                       .last = part[4],
                       .size = part[5]};
    probe.text = get_bytes(reader, probe.size);
    if (reader->is_short || !probe_is_fine(&probe))
      return false;
    if (room.probes)
      room.probes[i] = probe;
  }
  if (room.lines && line_count > 0)
    memcpy(room.lines, marks, (size_t)line_count * sizeof(uint32_t));
  unit->pieces = room.pieces;
  unit->probes = room.probes;
  unit->value_lines = room.lines;
  unit->passing_lines = room.lines ? room.lines + unit->value_count : NULL;
  return true;
}

/* Fills in *request and allocates *storage, whose map is still to be set. */
static int read_request(const char *bytes, size_t size, WireRequest *request, Storage **storage) {
  Reader reader = {.bytes = bytes, .size = size};
  WireRequest found = {0};
  Counts counts = {0};
  errno = EPROTO;
  if (!get_head(&reader, &found))
    return -1;
  size_t first_unit = reader.at;
  for (uint32_t i = 0; i < found.unit_count; i++) {
    WireUnit unit;
    if (!get_unit(&reader, &unit, (Room){0}, &counts))
      return -1;
  }
  if (reader.at != size)
    return -1;

  size_t unit_bytes = found.unit_count * sizeof(WireUnit);
  size_t piece_bytes = (size_t)counts.pieces * sizeof(WirePiece);
  size_t probe_bytes = (size_t)counts.probes * sizeof(WireProbe);
  Storage *made = malloc(sizeof *made + unit_bytes + piece_bytes + probe_bytes +
                         (size_t)counts.lines * sizeof(uint32_t));
  if (!made)
    return -1;
  char *at = made->arrays;
  found.units = (WireUnit *)(void *)at;
  WirePiece *pieces = (WirePiece *)(void *)(at += unit_bytes);
  WireProbe *probes = (WireProbe *)(void *)(at += piece_bytes);
  uint32_t *lines = (uint32_t *)(void *)(at + probe_bytes);
  reader.at = first_unit;
  counts = (Counts){0};
  for (uint32_t i = 0; i < found.unit_count; i++) {
    Room room = {pieces + counts.pieces, probes + counts.probes, lines + counts.lines};
    get_unit(&reader, &found.units[i], room, &counts);
  }
  *request = found;
  *storage = made;
  return 0;
}

int wire_request_read(int descriptor, uint32_t size, WireRequest *request, void **storage) {
  struct stat status;
  int seals = fcntl(descriptor, F_GET_SEALS);
  if (seals < 0 || (seals & REQUEST_SEALS) != REQUEST_SEALS || fstat(descriptor, &status) < 0 ||
      status.st_size != (off_t)size || size == 0 || size > WIRE_REQUEST_MAX) {
    errno = EPROTO;
    return -1;
  }
  void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (map == MAP_FAILED)
    return -1;
  Storage *made;
  if (read_request(map, size, request, &made) < 0) {
    int error = errno;
    munmap(map, size);
    errno = error;
    return -1;
  }
  made->map = map;
  made->map_size = size;
  *storage = made;
  return 0;
}

void wire_request_clear(void *storage) {
  Storage *made = storage;
  if (!made)
    return;
  munmap(made->map, made->map_size);
  free(made);
}
