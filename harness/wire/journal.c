#include "wire/journal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "wire/wire.h"

#define CAPACITY (JOURNAL_BOARD - sizeof(JournalHead))

_Static_assert(sizeof(JournalHead) == 64, "entries begin at 64 bytes");
_Static_assert(sizeof(Board) <= JOURNAL_SIZE - JOURNAL_BOARD, "the board fits behind the entries");
_Static_assert(sizeof(JournalEntry) == 24, "the head of an entry has no holes");

static uint32_t writing_process;

uint32_t journal_hash(const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ at[i]) * 16777619u;
  return hash;
}

JournalHead *journal_map(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) < 0)
    return NULL;
  if (status.st_size < (off_t)JOURNAL_SIZE) {
    errno = EPROTO; /* touching it would be SIGBUS */
    return NULL;
  }
  void *map = mmap(NULL, JOURNAL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  return map == MAP_FAILED ? NULL : map;
}

Board *journal_board(JournalHead *journal) {
  return (Board *)(void *)((char *)journal + JOURNAL_BOARD);
}

void journal_set_process(uint32_t process) {
  writing_process = process;
}

uint32_t journal_process(void) {
  return writing_process;
}

static uint64_t padded(uint64_t size) {
  return (size + 7) & ~(uint64_t)7;
}

void *journal_reserve(JournalHead *journal, JournalType type, size_t fixed, size_t extra) {
  uint64_t size = (uint64_t)fixed + extra;
  uint64_t at = CAPACITY;
  if (size <= CAPACITY)
    at = atomic_fetch_add(&journal->used, padded(size));
  if (at > CAPACITY || padded(size) > CAPACITY - at) {
    atomic_fetch_add(&journal->lost, 1);
    return NULL;
  }
  JournalEntry *entry = (JournalEntry *)(void *)((char *)(journal + 1) + at);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  entry->type = (uint16_t)type;
  entry->run = journal->run;
  entry->process = writing_process;
  entry->time_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  atomic_store_explicit(&entry->state, 0, memory_order_relaxed);
  entry->size = (uint32_t)size;
  return entry;
}

void journal_commit(void *entry) {
  atomic_store_explicit(&((JournalEntry *)entry)->state, 1, memory_order_release);
}

void journal_put_text(char **at, const char *text, size_t size) {
  uint32_t kept = size > JOURNAL_TEXT_MAX ? JOURNAL_TEXT_MAX : (uint32_t)size;
  memcpy(*at, &kept, sizeof kept);
  if (kept > 0)
    memcpy(*at + sizeof kept, text, kept);
  *at += sizeof kept + kept;
}

/* 0 for a type that is none. */
static size_t fixed_size(unsigned type) {
  switch (type) {
  case JOURNAL_START:
  case JOURNAL_HELD:
  case JOURNAL_SUBJECT:
  case JOURNAL_ENDING:
  case JOURNAL_HOOK:
  case JOURNAL_HOOKED:
    return sizeof(JournalEntry);
  case JOURNAL_NAMES:
    return sizeof(JournalNames);
  case JOURNAL_WRITE:
    return sizeof(JournalWrite);
  case JOURNAL_VALUE:
    return sizeof(JournalValue);
  case JOURNAL_RAISED:
    return sizeof(JournalRaised);
  case JOURNAL_EXIT:
  case JOURNAL_END:
  case JOURNAL_CHECKING:
    return sizeof(JournalExit);
  case JOURNAL_FAILED:
  case JOURNAL_UNREADY:
    return sizeof(JournalText);
  case JOURNAL_EVENT:
    return sizeof(JournalEvent);
  case JOURNAL_CHECKED:
    return sizeof(JournalChecked);
  case JOURNAL_PASSED:
    return sizeof(JournalPassed);
  case JOURNAL_PROBED:
    return sizeof(JournalProbed);
  default:
    return 0;
  }
}

const JournalEntry *journal_next(const JournalHead *journal, uint32_t run, uint64_t *position) {
  uint64_t used = atomic_load(&journal->used);
  uint64_t end = used < CAPACITY ? used : CAPACITY;
  while (*position % 8 == 0 && *position <= end && end - *position >= sizeof(JournalEntry)) {
    const JournalEntry *entry =
        (const JournalEntry *)(const void *)((const char *)(journal + 1) + *position);
    uint32_t size = entry->size;
    size_t fixed = fixed_size(entry->type);
    if (fixed == 0 || size < fixed || padded(size) > end - *position)
      return NULL;
    *position += padded(size);
    if (entry->run == run && atomic_load_explicit(&entry->state, memory_order_acquire) == 1)
      return entry;
  }
  return NULL;
}

bool journal_text(const JournalEntry *entry, size_t fixed, unsigned index, const char **text,
                  size_t *size) {
  const char *at = (const char *)entry + fixed;
  size_t left = entry->size >= fixed ? entry->size - fixed : 0;
  for (unsigned i = 0;; i++) {
    uint32_t here;
    if (left < sizeof here)
      return false;
    memcpy(&here, at, sizeof here);
    at += sizeof here;
    left -= sizeof here;
    if (here > left)
      return false;
    if (i == index) {
      *text = at;
      *size = here;
      return true;
    }
    at += here;
    left -= here;
  }
}

void journal_reset(JournalHead *journal) {
  /* Gives the pages back, and with them all that a snippet may have left
   * there, beyond `used` as well. */
  if (madvise(journal, JOURNAL_SIZE, MADV_REMOVE) < 0)
    memset(journal, 0, JOURNAL_SIZE);
  journal->magic = JOURNAL_MAGIC;
  journal->version = WIRE_VERSION;
}
