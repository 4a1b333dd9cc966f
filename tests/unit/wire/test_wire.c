#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/wire.h"

static int ends[2];

static void setup(void) {
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
}

static void teardown(void) {
  close(ends[0]);
  close(ends[1]);
}

/* The lowest free descriptor: it tells whether any leaked. */
static int lowest_free(void) {
  int descriptor = dup(ends[0]);
  close(descriptor);
  return descriptor;
}

/* Sends size bytes and count descriptors, as a broken peer might. */
static void send_raw(const void *bytes, size_t size, const int *descriptors, unsigned count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(32 * sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
  struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > 0) {
    packet.msg_control = control.bytes;
    packet.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&packet);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(rights), descriptors, count * sizeof(int));
  }
  ck_assert_int_eq(sendmsg(ends[0], &packet, MSG_NOSIGNAL), (ssize_t)size);
}

static void assert_refused(void) {
  int free_before = lowest_free();
  WireMessage message;
  memset(&message, 0x5a, sizeof message);
  int descriptors[WIRE_RUN_FDS] = {-7, -7, -7};
  errno = 0;
  ck_assert_int_eq(wire_receive(ends[1], &message, descriptors), -1);
  ck_assert_int_eq(errno, EPROTO);
  ck_assert_int_eq(descriptors[0], -7);
  ck_assert_uint_eq(message.head.type, 0x5a5a5a5a);
  ck_assert_int_eq(lowest_free(), free_before);
}

START_TEST(each_message_arrives_as_sent) {
  WireMessage sent = {.hello = {.python = 0x030b02f0, .isolation = 5, .zygote = 1}};
  WireMessage got;
  ck_assert_int_eq(wire_send(ends[0], WIRE_HELLO, &sent, NULL, 0), 0);
  ck_assert_int_eq(wire_receive(ends[1], &got, NULL), 1);
  ck_assert_uint_eq(got.head.version, WIRE_VERSION);
  ck_assert_uint_eq(got.head.type, WIRE_HELLO);
  ck_assert_uint_eq(got.hello.python, 0x030b02f0);
  ck_assert_uint_eq(got.hello.isolation, 5);
  ck_assert_int_eq(got.hello.zygote, 1);

  sent = (WireMessage){.stop = {.run = 77}};
  ck_assert_int_eq(wire_send(ends[1], WIRE_STOP, &sent, NULL, 0), 0);
  ck_assert_int_eq(wire_receive(ends[0], &got, NULL), 1);
  ck_assert_uint_eq(got.stop.run, 77);

  sent = (WireMessage){.done = {.run = 78, .status = -1, .survivors = 3, .peak_bytes = 1u << 30}};
  ck_assert_int_eq(wire_send(ends[1], WIRE_DONE, &sent, NULL, 0), 0);
  ck_assert_int_eq(wire_receive(ends[0], &got, NULL), 1);
  ck_assert_int_eq(got.done.status, -1);
  ck_assert_uint_eq(got.done.survivors, 3);
  ck_assert_uint_eq(got.done.peak_bytes, 1u << 30);
}
END_TEST

START_TEST(descriptors_travel_with_run) {
  int pipes[2];
  ck_assert_int_eq(pipe(pipes), 0);
  int sent_descriptors[WIRE_RUN_FDS] = {pipes[0], pipes[1], pipes[1]};
  WireMessage sent = {.run = {.run = 9, .address_bytes = 1ull << 40}};
  ck_assert_int_eq(wire_send(ends[0], WIRE_RUN, &sent, sent_descriptors, WIRE_RUN_FDS), 0);
  WireMessage got;
  int descriptors[WIRE_RUN_FDS];
  ck_assert_int_eq(wire_receive(ends[1], &got, descriptors), 1);
  ck_assert_uint_eq(got.run.run, 9);
  ck_assert_uint_eq(got.run.address_bytes, 1ull << 40);
  ck_assert_int_eq(write(descriptors[WIRE_FD_ERRORS], "x", 1), 1);
  char byte = 0;
  ck_assert_int_eq(read(descriptors[WIRE_FD_REQUEST], &byte, 1), 1);
  ck_assert_int_eq(byte, 'x');
  for (int i = 0; i < WIRE_RUN_FDS; i++) {
    ck_assert_int_eq(fcntl(descriptors[i], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(descriptors[i]);
  }
  close(pipes[0]);
  close(pipes[1]);
}
END_TEST

START_TEST(sender_refuses_wrong_counts_and_types) {
  WireMessage message = {0};
  int some[WIRE_RUN_FDS] = {0, 1, 2};
  ck_assert_int_eq(wire_send(ends[0], WIRE_RUN, &message, some, 2), -1);
  ck_assert_int_eq(errno, EINVAL);
  ck_assert_int_eq(wire_send(ends[0], WIRE_DONE, &message, some, 1), -1);
  ck_assert_int_eq(errno, EINVAL);
  ck_assert_int_eq(wire_send(ends[0], (WireType)99, &message, NULL, 0), -1);
  ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(wrong_size_version_or_type_is_refused) {
  WireStop stop = {.head = {WIRE_VERSION, WIRE_STOP}, .run = 1};
  send_raw(&stop, sizeof stop - 1, NULL, 0);
  assert_refused();
  char longer[sizeof(WireMessage) + 64] = {0};
  memcpy(longer, &stop, sizeof stop);
  send_raw(longer, sizeof stop + 1, NULL, 0);
  assert_refused();
  send_raw(longer, sizeof longer, NULL, 0);
  assert_refused();
  send_raw(longer, 3, NULL, 0);
  assert_refused();
  stop.head.version = WIRE_VERSION + 1;
  send_raw(&stop, sizeof stop, NULL, 0);
  assert_refused();
  stop.head = (WireHead){WIRE_VERSION, 0};
  send_raw(&stop, sizeof stop, NULL, 0);
  assert_refused();
  stop.head.type = 1000;
  send_raw(&stop, sizeof stop, NULL, 0);
  assert_refused();
}
END_TEST

START_TEST(wrong_descriptors_are_refused_and_closed) {
  int many[32];
  for (int i = 0; i < 32; i++)
    many[i] = ends[0];
  WireStop stop = {.head = {WIRE_VERSION, WIRE_STOP}};
  WireRun run = {.head = {WIRE_VERSION, WIRE_RUN}};
  send_raw(&stop, sizeof stop, many, 1);
  assert_refused();
  send_raw(&run, sizeof run, NULL, 0);
  assert_refused();
  send_raw(&run, sizeof run, many, WIRE_RUN_FDS - 1);
  assert_refused();
  send_raw(&run, sizeof run, many, WIRE_RUN_FDS + 1);
  assert_refused();
  send_raw(&run, sizeof run, many, 32);
  assert_refused();
}
END_TEST

START_TEST(end_and_emptiness_are_told_apart) {
  WireMessage message;
  ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  ck_assert_int_eq(wire_receive(ends[1], &message, NULL), -1);
  ck_assert_int_eq(errno, EAGAIN);
  close(ends[0]);
  ck_assert_int_eq(wire_receive(ends[1], &message, NULL), 0);
  /* No SIGPIPE: the test would die of it. */
  ck_assert_int_eq(wire_send(ends[1], WIRE_STOP, &(WireMessage){0}, NULL, 0), -1);
  ck_assert_int_eq(errno, EPIPE);
  ends[0] = dup(ends[1]);
}
END_TEST

/* --- requests ---------------------------------------------------------- */

static WirePiece pieces[] = {{.line = 3, .size = 5, .source = "a = 1"},
                             {.line = 9, .size = 1, .source = "a"}};
static WirePiece script = {.line = 1, .size = 8, .source = "print(a)"};
static uint32_t value_lines[] = {1, 4};
static uint32_t passing_lines[] = {7};
static WireProbe probes[] = {
    {.kind = WIRE_PROBE_AFTER, .line = 2},
    {.kind = WIRE_PROBE_AT, .line = 3, .column = 4, .size = 4, .text = "x, y"},
    {.kind = WIRE_PROBE_CODE, .line = 5, .column = 8, .size = 7, .text = "next(x)"},
    {.kind = WIRE_PROBE_REMARK, .line = 6, .first = 7, .last = 9, .size = 8, .text = "no query"},
    {.kind = WIRE_PROBE_PROSE, .line = 4711, .size = 5, .text = "It is"},
    {.kind = WIRE_PROBE_FINAL, .line = 2, .size = 6, .text = "x == 1"}};
#define PROBES (sizeof probes / sizeof *probes)
static WireUnit units[] = {
    {.kind = WIRE_TRANSCRIPT, .piece_count = 2, .pieces = pieces},
    {.kind = WIRE_SCRIPT,
     .piece_count = 1,
     .pieces = &script,
     .value_count = 2,
     .value_lines = value_lines,
     .passing_count = 1,
     .passing_lines = passing_lines,
     .probe_count = PROBES,
     .probes = probes},
};
static const WireRequest example = {.flags = WIRE_HOLD_BACK,
                                    .name_size = 10,
                                    .name = "snippet.py",
                                    .unit_count = 2,
                                    .units = units};

START_TEST(request_reads_as_written) {
  uint32_t size = 0;
  int descriptor = wire_request_write(&example, &size);
  ck_assert_int_ge(descriptor, 0);
  WireRequest got;
  void *storage = NULL;
  ck_assert_int_eq(wire_request_read(descriptor, size, &got, &storage), 0);
  close(descriptor);
  ck_assert_uint_eq(got.flags, WIRE_HOLD_BACK);
  ck_assert_mem_eq(got.name, "snippet.py", 10);
  ck_assert_uint_eq(got.unit_count, 2);
  ck_assert_uint_eq(got.units[0].kind, WIRE_TRANSCRIPT);
  ck_assert_uint_eq(got.units[0].piece_count, 2);
  ck_assert_uint_eq(got.units[0].pieces[0].line, 3);
  ck_assert_mem_eq(got.units[0].pieces[0].source, "a = 1", 5);
  ck_assert_uint_eq(got.units[0].pieces[1].line, 9);
  ck_assert_mem_eq(got.units[0].pieces[1].source, "a", 1);
  ck_assert_uint_eq(got.units[1].kind, WIRE_SCRIPT);
  ck_assert_mem_eq(got.units[1].pieces[0].source, "print(a)", 8);
  ck_assert_uint_eq(got.units[1].value_count, 2);
  ck_assert_uint_eq(got.units[1].value_lines[1], 4);
  ck_assert_uint_eq(got.units[1].passing_count, 1);
  ck_assert_uint_eq(got.units[1].passing_lines[0], 7);
  ck_assert_uint_eq(got.units[0].probe_count, 0);
  ck_assert_uint_eq(got.units[1].probe_count, PROBES);
  for (size_t i = 0; i < PROBES; i++) {
    const WireProbe *probe = &got.units[1].probes[i];
    ck_assert_uint_eq(probe->kind, probes[i].kind);
    ck_assert_uint_eq(probe->line, probes[i].line);
    ck_assert_uint_eq(probe->column, probes[i].column);
    ck_assert_uint_eq(probe->first, probes[i].first);
    ck_assert_uint_eq(probe->last, probes[i].last);
    ck_assert_uint_eq(probe->size, probes[i].size);
    ck_assert(probe->size == 0 || memcmp(probe->text, probes[i].text, probe->size) == 0);
  }
  wire_request_clear(storage);
}
END_TEST

START_TEST(request_writer_refuses) {
  uint32_t size = 4711;
  static const char *const names[] = {"", "a/b", ".", ".."};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    WireRequest request = example;
    request.name = names[i];
    request.name_size = (uint32_t)strlen(names[i]);
    ck_assert_int_eq(wire_request_write(&request, &size), -1);
    ck_assert_int_eq(errno, EINVAL);
  }
  WireRequest request = example;
  request.unit_count = WIRE_UNITS_MAX + 1;
  ck_assert_int_eq(wire_request_write(&request, &size), -1);
  ck_assert_int_eq(errno, E2BIG);
  WirePiece big = {.line = 1, .size = WIRE_REQUEST_MAX, .source = NULL};
  WireUnit unit = {.kind = WIRE_SCRIPT, .piece_count = 1, .pieces = &big};
  request = (WireRequest){.name = "s.py", .name_size = 4, .unit_count = 1, .units = &unit};
  ck_assert_int_eq(wire_request_write(&request, &size), -1);
  ck_assert_int_eq(errno, E2BIG);
  ck_assert_uint_eq(size, 4711);

  WirePiece small = {.line = 1, .size = 0, .source = ""};
  unit.pieces = &small;
  static const WireProbe wrong[] = {
      {.kind = 0, .line = 1},
      {.kind = WIRE_PROBE_FINAL + 1, .line = 1},
      {.kind = WIRE_PROBE_AFTER, .line = 0},
      {.kind = WIRE_PROBE_AT, .line = 1, .column = UINT32_MAX},
      {.kind = WIRE_PROBE_AT, .line = 1, .size = 3, .text = "a\0b"},
      {.kind = WIRE_PROBE_REMARK, .line = 1, .first = 3, .last = 2},
      {.kind = WIRE_PROBE_REMARK, .line = 1, .first = 3, .last = UINT32_MAX},
      {.kind = WIRE_PROBE_FINAL, .line = 0, .size = 1, .text = "x"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    WireProbe probe = wrong[i];
    unit.probe_count = 1;
    unit.probes = &probe;
    ck_assert_int_eq(wire_request_write(&request, &size), -1);
    ck_assert_int_eq(errno, EINVAL);
  }
  unit.probe_count = WIRE_PROBES_MAX + 1;
  ck_assert_int_eq(wire_request_write(&request, &size), -1);
  ck_assert_int_eq(errno, E2BIG);
}
END_TEST

static int sealed_copy(const void *bytes, size_t size, int seals) {
  int descriptor = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  ck_assert_int_ge(descriptor, 0);
  ck_assert_int_eq(write(descriptor, bytes, size), (ssize_t)size);
  ck_assert_int_eq(fcntl(descriptor, F_ADD_SEALS, seals), 0);
  return descriptor;
}

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Reads bytes as a request, and all that it then points at; returns whether it
 * was taken. */
static bool is_taken(const void *bytes, size_t size) {
  int descriptor = sealed_copy(bytes, size, SEALS);
  WireRequest got;
  void *storage = NULL;
  bool taken = wire_request_read(descriptor, (uint32_t)size, &got, &storage) == 0;
  if (taken) {
    volatile char sum = 0;
    for (uint32_t i = 0; i < got.unit_count; i++)
      for (uint32_t k = 0; k < got.units[i].piece_count; k++)
        for (uint32_t n = 0; n < got.units[i].pieces[k].size; n++)
          sum = (char)(sum ^ got.units[i].pieces[k].source[n]);
    for (uint32_t i = 0; i < got.unit_count; i++)
      for (uint32_t k = 0; k < got.units[i].probe_count; k++)
        for (uint32_t n = 0; n < got.units[i].probes[k].size; n++)
          sum = (char)(sum ^ got.units[i].probes[k].text[n]);
  } else {
    ck_assert_int_eq(errno, EPROTO);
    ck_assert_ptr_null(storage);
  }
  wire_request_clear(storage);
  close(descriptor);
  return taken;
}

START_TEST(malformed_requests_are_refused) {
  uint32_t size = 0;
  int descriptor = wire_request_write(&example, &size);
  uint32_t *bytes = malloc(size + 4);
  ck_assert_int_eq(pread(descriptor, bytes, size, 0), (ssize_t)size);
  close(descriptor);
  bytes[size / 4] = 0;

  ck_assert(is_taken(bytes, size));
  ck_assert(!is_taken(bytes, size + 4));
  for (uint32_t cut = 1; cut < size; cut++)
    ck_assert(!is_taken(bytes, cut));
  /* magic, version, flags, name size, count of units, kind, count of pieces,
   * of values, of passing lines, of probes, line of the first piece */
  static const int places[] = {0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13};
  static const uint32_t values[] = {0xffffffff, 0x80000000, 0x3fffffff, 0x10000000};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
      uint32_t kept = bytes[places[i]];
      bytes[places[i]] = values[k];
      ck_assert_msg(!is_taken(bytes, size), "number %d as %x", places[i], values[k]);
      bytes[places[i]] = kept;
    }
  /* Any other word may be changed to anything: refused or taken, never worse. */
  for (uint32_t at = 0; at < size / 4; at++)
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
      uint32_t kept = bytes[at];
      bytes[at] = values[k];
      is_taken(bytes, size);
      bytes[at] = kept;
    }
  free(bytes);
}
END_TEST

START_TEST(unsealed_or_missized_requests_are_refused) {
  uint32_t size = 0;
  int descriptor = wire_request_write(&example, &size);
  char bytes[4096];
  ck_assert_uint_lt(size, sizeof bytes);
  ck_assert_int_eq(pread(descriptor, bytes, size, 0), (ssize_t)size);
  WireRequest got;
  void *storage = NULL;
  ck_assert_int_eq(wire_request_read(descriptor, size - 4, &got, &storage), -1);
  ck_assert_int_eq(errno, EPROTO);
  ck_assert_int_eq(wire_request_read(ends[0], size, &got, &storage), -1);
  ck_assert_int_eq(errno, EPROTO);
  close(descriptor);
  static const int partial[] = {0, F_SEAL_SHRINK | F_SEAL_GROW, F_SEAL_WRITE | F_SEAL_GROW};
  for (size_t i = 0; i < sizeof partial / sizeof *partial; i++) {
    descriptor = sealed_copy(bytes, size, partial[i]);
    ck_assert_int_eq(wire_request_read(descriptor, size, &got, &storage), -1);
    ck_assert_int_eq(errno, EPROTO);
    close(descriptor);
  }
  ck_assert_ptr_null(storage);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("wire");
  TCase *messages = tcase_create("messages");
  tcase_add_checked_fixture(messages, setup, teardown);
  tcase_add_test(messages, each_message_arrives_as_sent);
  tcase_add_test(messages, descriptors_travel_with_run);
  tcase_add_test(messages, sender_refuses_wrong_counts_and_types);
  tcase_add_test(messages, wrong_size_version_or_type_is_refused);
  tcase_add_test(messages, wrong_descriptors_are_refused_and_closed);
  tcase_add_test(messages, end_and_emptiness_are_told_apart);
  suite_add_tcase(suite, messages);
  TCase *requests = tcase_create("requests");
  tcase_add_checked_fixture(requests, setup, teardown);
  tcase_add_test(requests, request_reads_as_written);
  tcase_add_test(requests, request_writer_refuses);
  tcase_add_test(requests, malformed_requests_are_refused);
  tcase_add_test(requests, unsealed_or_missized_requests_are_refused);
  suite_add_tcase(suite, requests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
