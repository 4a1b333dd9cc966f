/* With probes at every statement, each script of tests/fidelity does what it does
 * without. A script that does not do the same twice is passed over. */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define PROBES_MAX 1024
#define TEXT_MAX 65536
#define PARTS 4 /* of the scripts, each a test, so that none takes long */

static WireProbe probes[PROBES_MAX];
static uint32_t probe_count;
static char source[TEXT_MAX];
static struct dirent **scripts;
static int script_count;

static void read_script(const char *name) {
  char path[512];
  snprintf(path, sizeof path, SCRIPTS "/%s", name);
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  source[fread(source, 1, sizeof source - 1, file)] = '\0';
  fclose(file);
}

static bool is_word(char byte) {
  return strchr("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", byte) && byte;
}

static void probe(WireProbeKind kind, uint32_t line, size_t column, const char *text, size_t size) {
  if (probe_count < PROBES_MAX)
    probes[probe_count++] = (WireProbe){.kind = kind,
                                        .line = line,
                                        .column = (uint32_t)column,
                                        .size = (uint32_t)size,
                                        .text = text};
}

/* Watches each line and each name in it; lets code run before some of them. */
static void probe_all(void) {
  static const char code[] = "print('probe'); unknown";
  const char *line = source;
  probe_count = 0;
  for (uint32_t number = 1; *line; number++) {
    size_t length = strcspn(line, "\n"), indent = strspn(line, " ");
    probe(WIRE_PROBE_AFTER, number, 0, "", 0);
    for (size_t i = indent; i < length;) {
      size_t end = i;
      while (end < length && is_word(line[end]))
        end++;
      if (end > i)
        probe(WIRE_PROBE_AFTER, number, 0, line + i, end - i);
      i = end + 1;
    }
    if (indent == length || line[indent] == '#') {
      const char *next = line + length + strspn(line + length, "\n");
      size_t column = indent == length ? strspn(next, " ") : indent;
      probe(WIRE_PROBE_CODE, number, column, code, strlen(code));
      probe(WIRE_PROBE_AT, number, column, "self", 4);
    }
    line += length + (line[length] == '\n');
  }
}

static void run(bool with_probes) {
  WirePiece piece = {.line = 1, .size = (uint32_t)strlen(source), .source = source};
  WireUnit unit = {.kind = WIRE_SCRIPT,
                   .piece_count = 1,
                   .pieces = &piece,
                   .probe_count = with_probes ? probe_count : 0,
                   .probes = probes};
  WireRequest request = request_of(&unit, 1, 0);
  run_request(&request, (WireRun){0});
}

#define AGAIN 4

static char first_output[OUTPUT_ROOM], first_errors[OUTPUT_ROOM];

/* Addresses differ from run to run. */
static void blind(char *text) {
  for (char *at = text; (at = strstr(at, "0x")); at += 2)
    for (char *digit = at + 2; *digit && strchr("0123456789abcdef", *digit); digit++)
      *digit = '0';
}

/* Whether it is the same as what was kept. */
static bool run_again(bool with_probes, int status) {
  run(with_probes);
  blind(output);
  blind(errors);
  return strcmp(first_output, output) == 0 && strcmp(first_errors, errors) == 0 &&
         status == done.status;
}

static void check_script(const char *name) {
  read_script(name);
  probe_all();
  run(false);
  blind(output);
  blind(errors);
  snprintf(first_output, sizeof first_output, "%s", output);
  snprintf(first_errors, sizeof first_errors, "%s", errors);
  int status = done.status;
  bool is_same = run_again(true, status);
  /* Which of two threads is first can depend on how busy the machine is. */
  for (int tries = 0; !is_same && tries < AGAIN; tries++)
    is_same = !run_again(false, status) || run_again(true, status);
  ck_assert_msg(is_same, "%s: status %x\n%s%s--- with probes: status %x\n%s%s", name, status,
                first_output, first_errors, done.status, output, errors);
}

static void check_part(const char *program, int part) {
  start_worker(program);
  for (int i = part; i < script_count; i += PARTS)
    check_script(scripts[i]->d_name);
  end_worker(0);
}

START_TEST(probes_are_not_seen) {
  check_part(programs[_i], 0);
}
END_TEST

START_TEST(probes_are_not_seen_2) {
  check_part(programs[_i], 1);
}
END_TEST

START_TEST(probes_are_not_seen_3) {
  check_part(programs[_i], 2);
}
END_TEST

START_TEST(probes_are_not_seen_4) {
  check_part(programs[_i], 3);
}
END_TEST

static int is_script(const struct dirent *entry) {
  /* What writes more than the driver reads. */
  return strstr(entry->d_name, ".py") && !strstr(entry->d_name, "huge");
}

int main(void) {
  const TTest *const tests[PARTS + 1] = {probes_are_not_seen, probes_are_not_seen_2,
                                         probes_are_not_seen_3, probes_are_not_seen_4};
  script_count = scandir(SCRIPTS, &scripts, is_script, alphasort);
  return run_suite("worker_fidelity", tests);
}
